using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Domain.Runs;

namespace Etl.Application.Notify;

/// <summary>Commands to run after a failure.</summary>
internal static class NextCommand
{
    /// <summary>First the command that shows details, then the one that runs the day again.</summary>
    public static IEnumerable<string> After(RunSummary summary)
    {
        if (summary.RunId is { } run)
        {
            switch (summary.Error?.Code)
            {
                case ErrorCode.RejectLimit:
                    yield return $"etl quarantine list --run {run}";
                    break;
                case ErrorCode.DataTest or ErrorCode.RowCountMismatch:
                    yield return $"etl runs show {run}";
                    break;
            }
        }

        yield return summary switch
        {
            { BaseRunId: null } or { IsPublished: true } => Rerun(summary),
            { IsRollback: true } => $"etl rollback --to {summary.BaseRunId}",
            _ => $"etl quarantine replay --run {summary.BaseRunId} --dataset NAME --from FILE",
        };
    }

    private static string Rerun(RunSummary summary)
    {
        // A published run lacks only its export, which a start without --force finishes.
        var force = summary is { Forced: true, IsPublished: false };
        var verbose = summary.Error?.Code == ErrorCode.Internal ? " --verbose" : "";
        return RerunCommand.Of(summary.BusinessDate, summary.AsOf, force) + verbose;
    }
}
