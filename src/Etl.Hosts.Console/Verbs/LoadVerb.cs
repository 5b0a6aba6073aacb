using System.CommandLine;
using System.CommandLine.Parsing;
using Etl.Application.Runs;
using Etl.Application.Stage;
using Etl.Domain;
using Etl.Domain.Runs;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Hosting;
using Etl.Hosts.Console.Output;

namespace Etl.Hosts.Console.Verbs;

/// <summary><c>etl load</c>: helps a run of another process to load its parts.</summary>
internal sealed class LoadVerb : HostVerb
{
    public LoadVerb(Terminal terminal)
        : base(
            terminal,
            "load",
            "Helps a run in progress: loads parts of its datasets until all are loaded. The run needs Etl:Run:Loaders of 1 or "
                + "more.",
            [Run, Request, CommonOptions.Source, CommonOptions.Connection],
            "etl load --source 's3://shop-landing/in/{date}/'",
            "etl load --run 20250630-001 --source ./incoming"
        ) => Validators.Add(OneRun);

    private static readonly Option<RunId?> Run = CommonOptions.Run("The run. Default: the one in progress.");

    private static readonly Option<RunId?> Request = CommonOptions.RunOfObject(
        "--request",
        "In place of --run: the object by which the run requested loaders (Etl:Loaders:RequestsUri)."
    );

    protected override IReadOnlyList<RequiredSetting> Required => [RequiredSetting.Source];

    protected override LocalDatabaseUse LocalDatabase => LocalDatabaseUse.IfRunning;

    protected override async Task<VerbResult> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var loaded = await context
            .Get<IPartLoader>()
            .HelpAsync(context.Value(Run) ?? context.Value(Request), context.Get<IRunObserver>(), cancellationToken);
        var document = new LoadDocument(
            loaded.Run.ToString(),
            [.. loaded.Files.Select(CheckedFileDocument.Of)],
            [.. loaded.Left.Select(e => e.Message)]
        );
        return VerbResult.Of(document, terminal => Write(terminal, loaded));
    }

    private static void OneRun(CommandResult given)
    {
        if (given.GetResult(Run) is not null && given.GetResult(Request) is not null)
        {
            given.AddError("Give --run or --request, not both.");
        }
    }

    private static void Write(Terminal terminal, LoadedParts loaded)
    {
        var rows = loaded.Files.Sum(f => f.Loaded);
        terminal.Out.WriteLine(
            $"Loaded {Counted.Of(loaded.Files.Count, "part")} of run {loaded.Run}: {Counted.Of(rows, "row")}."
        );
        foreach (var error in loaded.Left)
        {
            terminal.Out.WriteLine($"Left to the run: {error.Message} {error.NextStep}");
        }
    }
}
