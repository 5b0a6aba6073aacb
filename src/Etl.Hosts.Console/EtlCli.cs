using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Output;
using Etl.Hosts.Console.Verbs;

namespace Etl.Hosts.Console;

/// <summary>The program: reads the command line, does a verb, and turns every exception into words and an exit code.</summary>
internal static class EtlCli
{
    public static async Task<int> RunAsync(string[] args, Terminal terminal)
    {
        var parsed = Parse(args, terminal);
        terminal.Quiet = parsed.GetValue(CommonOptions.Quiet);
        try
        {
            if (parsed.Errors.Count > 0 && parsed.Action is null or ParseErrorAction)
            {
                throw UsageErrors.Of(parsed, args);
            }

            using var signals = new StopSignals();
            return await parsed.InvokeAsync(Invocation(terminal), signals.Token);
        }
        catch (Exception exception)
        {
            return ErrorOutput.Report(exception, parsed, args, terminal);
        }
    }

    /// <summary>What a command line means, without doing it.</summary>
    public static ParseResult Parse(string[] args, Terminal terminal) =>
        Build(terminal).Parse(args.SelectMany(AsOption).ToArray());

    /// <summary>Any setting may be given as <c>--Etl:SECTION:NAME=VALUE</c>, as every .NET host reads them.</summary>
    private static string[] AsOption(string argument) =>
        argument.StartsWith("--Etl:", StringComparison.OrdinalIgnoreCase)
            ? [CommonOptions.Setting.Name, argument[2..]]
            : [argument];

    internal static RootCommand Build(Terminal terminal)
    {
        var root = new RootCommand(
            "Moves the daily snapshots of a shop into PostgreSQL, computes analytics, exports them."
        )
        {
            DemoVerb.Create(terminal),
            RunVerb.Create(terminal),
            PlanVerb.Create(terminal),
            CheckVerb.Create(terminal),
            BackfillVerb.Create(terminal),
            RunsVerb.Create(terminal),
            ReportVerb.Create(terminal),
            QuarantineVerb.Create(terminal),
            DoctorVerb.Create(terminal),
            SampleVerb.Create(terminal),
            MigrateVerb.Create(terminal),
            DbVerb.Create(terminal),
            CompletionVerb.Create(terminal),
        };
        root.Options.Add(CommonOptions.Verbose);
        root.Options.Add(CommonOptions.Quiet);
        root.Options.Add(CommonOptions.Setting);
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new ExampleHelp((HelpAction)help.Action!);
        return root;
    }

    private static InvocationConfiguration Invocation(Terminal terminal) =>
        new()
        {
            Output = terminal.Out,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
}
