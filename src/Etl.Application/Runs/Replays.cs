using Etl.Application.Errors;
using Etl.Application.Publish;
using Etl.Domain.Runs;

namespace Etl.Application.Runs;

/// <summary>
/// What may be replayed: only the run that readers see now. What was published after it would be lost, and what is no
/// longer attached has no rows to build on.
/// </summary>
public sealed class Replays
{
    private readonly IRunHistory history;
    private readonly IPublisher publisher;

    internal Replays(IRunHistory history, IPublisher publisher)
    {
        this.history = history;
        this.publisher = publisher;
    }

    /// <summary>The run to ask the pipeline for: of the base run's day and as-of date, in its place.</summary>
    /// <exception cref="EtlException">There is no such run, or it is not the published one.</exception>
    public async Task<RunRequest> PlanAsync(ReplayRequest replay, CancellationToken cancellationToken)
    {
        var found =
            await history.FindAsync(replay.BaseRun, cancellationToken)
            ?? throw new EtlException(
                ErrorCode.Usage,
                $"The ledger knows no run {replay.BaseRun}.",
                "See `etl runs` for the ids."
            );
        await RequirePublishedAsync(replay.BaseRun, cancellationToken);
        return new RunRequest(replay.BaseRun.BusinessDate, found.Run.AsOf, Trigger.Replay, Force: true, Replay: replay);
    }

    internal async Task RequirePublishedAsync(RunId run, CancellationToken cancellationToken)
    {
        var published = await publisher.FindPublishedAsync(cancellationToken);
        if (published == run)
        {
            return;
        }

        var instead = published is null ? "no run is" : $"run {published} is";
        throw new EtlException(
            ErrorCode.Usage,
            $"Run {run} is not the published one ({instead}), so corrected rows cannot join it.",
            $"Mend the day's source file and run it again: etl run --date {run.BusinessDate} --force"
        );
    }
}
