using System.CommandLine;
using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Hosting;
using Etl.Hosts.Console.Output;
using Microsoft.Extensions.Configuration;

namespace Etl.Hosts.Console.Verbs;

/// <summary><c>etl runs</c>: the last runs of the ledger.</summary>
internal sealed class RunsVerb : HostVerb
{
    private static readonly Option<int?> Last = CommonOptions.MaxCount(
        "--last",
        "The maximum number of runs, newest first",
        byDefault: 20
    );

    public RunsVerb(Terminal terminal)
        : base(
            terminal,
            "runs",
            "Lists the last runs. `runs show ID` shows one run in detail.",
            [Last, CommonOptions.Connection],
            "etl runs --last 7"
        )
    {
        Add(new RunsShowVerb(terminal));
        Add(new RunsCostVerb(terminal));
    }

    protected override LocalDatabaseUse LocalDatabase => LocalDatabaseUse.IfCreated;

    protected override async Task<VerbResult> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var last = context.Value(Last) is > 0 and var count ? count : int.MaxValue;
        var runs = await context.Get<IRunHistory>().ListAsync(last, cancellationToken);
        var starts = await context.Get<IRunHistory>().ListFailedStartsAsync(null, last, cancellationToken);
        return VerbResult.Of(
            new RunsDocument([.. runs.Select(RunDocument.Of)], [.. starts.Select(FailedStartsDocument.Of)]),
            terminal => HistoryText.WriteList(terminal, runs, starts)
        );
    }
}

/// <summary><c>etl runs show</c>: one run of the ledger.</summary>
internal sealed class RunsShowVerb(Terminal terminal)
    : HostVerb(
        terminal,
        "show",
        "Shows one run: steps, files, data tests and exports.",
        [Id, CommonOptions.Connection],
        "etl runs show 20250630-001"
    )
{
    private static readonly Argument<string> Id = new("ID") { Description = "The run ID, for example 20250630-001." };

    /// <summary>A run of the ledger.</summary>
    /// <exception cref="EtlException">There is no such run.</exception>
    public static async Task<RunHistory> FindAsync(
        VerbContext context,
        RunId run,
        CancellationToken cancellationToken
    ) =>
        await context.Get<IRunHistory>().FindAsync(run, cancellationToken)
        ?? throw Unknown($"The ledger has no run {run}.");

    protected override void Check(ParseResult parsed, IConfiguration settings) => ParseId(parsed);

    protected override LocalDatabaseUse LocalDatabase => LocalDatabaseUse.IfCreated;

    protected override async Task<VerbResult> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var history = await FindAsync(context, ParseId(context.Parsed), cancellationToken);
        return new VerbResult(
            () => JsonOutput.Serialize(RunDocument.Of(history)),
            terminal => HistoryText.Write(terminal, history)
        );
    }

    private static RunId ParseId(ParseResult parsed) =>
        RunId.TryParse(parsed.GetRequiredValue(Id), out var id)
            ? id
            : throw Unknown("The argument ID is not a run ID. Run IDs look like 20250630-001.");

    private static EtlException Unknown(string message) => new(ErrorCode.Usage, message, "See `etl runs` for the IDs.");
}
