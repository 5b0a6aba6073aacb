using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Etl.Application.Errors;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Hosting;
using Etl.Hosts.Console.Output;
using Etl.Hosts.Console.Verbs;

namespace Etl.Hosts.Console;

/// <summary>The program: parses the command line, runs a verb, and reports every exception with an exit code.</summary>
internal static class EtlCli
{
    public static async Task<int> RunAsync(string[] args, Terminal terminal)
    {
        var exitCode = await InvokeAsync(args, terminal);
        if (exitCode != 0 || terminal.Streams.FirstOrDefault(s => s.Error is not null) is not { } lost)
        {
            return exitCode;
        }

        var error = new EtlError(
            ErrorCode.Output,
            $"The command succeeded, but its output could not be written to {lost.Name}: {lost.Error}.",
            $"Correct the destination of {lost.Name}. `etl runs` shows the runs."
        );
        ErrorText.Write(terminal, error);
        return error.Code.ExitCode();
    }

    private static async Task<int> InvokeAsync(string[] args, Terminal terminal)
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
            return Report(exception, parsed, args, terminal);
        }
    }

    /// <summary>The meaning of a command line; runs nothing.</summary>
    public static ParseResult Parse(string[] args, Terminal terminal) =>
        Build(terminal).Parse(args.SelectMany(SettingAsOption).ToArray());

    /// <summary>Any setting can be given as <c>--Etl:SECTION:NAME=VALUE</c>, as .NET hosts accept it.</summary>
    private static string[] SettingAsOption(string argument) =>
        argument.StartsWith("--Etl:", StringComparison.OrdinalIgnoreCase)
            ? [CommonOptions.Setting.Name, argument[2..]]
            : [argument];

    internal static RootCommand Build(Terminal terminal)
    {
        var root = new RootCommand(
            "Loads the daily CSV snapshots of a shop into PostgreSQL, computes analytics and exports them to a data lake."
        )
        {
            new DemoVerb(terminal),
            new RunVerb(terminal),
            new PlanVerb(terminal),
            new CheckVerb(terminal),
            new BackfillVerb(terminal),
            new RollbackVerb(terminal),
            new LoadVerb(terminal),
            new RunsVerb(terminal),
            new ReportVerb(terminal),
            QuarantineVerbs.Create(terminal),
            new DoctorVerb(terminal),
            new SampleVerb(terminal),
            NewVerbs.Create(terminal),
            new MigrateVerb(terminal),
            DbVerb.CreateAll(terminal),
            new CompletionVerb(terminal),
        };
        root.Subcommands.Add(new HelpVerb(root));
        root.Options.Add(CommonOptions.Verbose);
        root.Options.Add(CommonOptions.Quiet);
        root.Options.Add(CommonOptions.Setting);
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new ExampleHelp((HelpAction)help.Action!);
        return root;
    }

    private static int Report(Exception exception, ParseResult parsed, string[] args, Terminal terminal)
    {
        var error = ErrorText.Of(exception);
        var json = JsonOutput.Serialize(new Document { Failure = error });
        if (parsed.CommandResult.Command is ResultVerb verb)
        {
            json = verb.SerializeError(error);
        }

        new VerbResult(() => json, _ => { }, error.Code.ExitCode(), error).Print(
            terminal,
            // A command line with errors can still contain --json.
            args.Contains(CommonOptions.Json.Name, StringComparer.Ordinal)
        );
        if (parsed.GetValue(CommonOptions.Verbose))
        {
            terminal.Error.WriteLine(exception);
        }

        return error.Code.ExitCode();
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
