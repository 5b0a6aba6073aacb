using System.CommandLine;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Hosting;

namespace Etl.Hosts.Console.Verbs;

/// <summary><c>etl rollback</c>: readers see an earlier run again.</summary>
internal sealed class RollbackVerb(Terminal terminal)
    : PipelineVerb(
        terminal,
        "rollback",
        "Lets readers see an earlier published run again, and takes back the runs after it. "
            + "This is a new run of its business date, which exports the restored tables.",
        [To, CommonOptions.Lake, CommonOptions.Connection],
        "etl rollback --to 20250630-001 --lake ./lake"
    )
{
    private static readonly Option<RunId?> To = CommonOptions
        .Run("The run to restore. Its tables must still be kept (Etl:Run:KeepRuns).", "--to")
        .Required();

    protected override IReadOnlyList<RequiredSetting> Required => [RequiredSetting.Lake];

    protected override Task<RunSummary> SummarizeAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var to = context.Value(To)!.Value;
        return RunAsync(
            context,
            new RunRequest(to.BusinessDate, Trigger: Trigger.Rollback) { RollbackTo = to },
            cancellationToken
        );
    }
}
