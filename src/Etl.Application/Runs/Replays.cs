using Etl.Application.Errors;
using Etl.Domain;
using Etl.Domain.Runs;

namespace Etl.Application.Runs;

/// <summary>
/// Plans replays. Only the run that readers see can be replayed: the rows of an older one are detached, and the rows of a newer
/// one would be lost.
/// </summary>
public sealed class Replays
{
    private readonly DatasetCatalog datasets;
    private readonly IRunHistory history;
    private readonly IPublishedRun publishedRun;

    /// <summary>Plans replays of the published run.</summary>
    public Replays(DatasetCatalog datasets, IRunHistory history, IPublishedRun publishedRun)
    {
        this.datasets = datasets;
        this.history = history;
        this.publishedRun = publishedRun;
    }

    /// <summary>The request for a run with the base run's day and as-of date, which replaces it.</summary>
    /// <exception cref="EtlException">
    /// The run does not exist, is not the published one, or lacks a dataset; or a model gives the rows of a corrected dataset.
    /// </exception>
    public async Task<RunRequest> PlanAsync(ReplayRequest replay, CancellationToken cancellationToken)
    {
        foreach (var dataset in datasets.Modeled.Where(d => replay.Corrected.ContainsKey(d.Name)))
        {
            throw RunErrors.OfModel(dataset, replay.BaseRun);
        }

        var found =
            await history.FindAsync(replay.BaseRun, cancellationToken)
            ?? throw new EtlException(
                ErrorCode.Usage,
                $"Run {replay.BaseRun} is not in the ledger.",
                "See `etl runs` for the run IDs."
            );
        await RequirePublishedAsync(replay.BaseRun, cancellationToken);
        RequireLoaded(found);
        return new RunRequest(replay.BaseRun.BusinessDate, found.Run.AsOf, Trigger.Replay, Force: true, Replay: replay);
    }

    /// <summary>A replay copies the rows of every delivered dataset.</summary>
    private void RequireLoaded(RunHistory run)
    {
        var missing = datasets
            .Delivered.Select(d => d.Name)
            .Where(name => run.Files.All(f => f.Dataset != name))
            .ToList();
        if (missing.Count > 0)
        {
            var id = run.Run.Id;
            throw new EtlException(
                ErrorCode.Usage,
                $"Corrected rows cannot be added to run {id}: it has no rows of {string.Join(", ", missing)}, added since.",
                $"Run the day again with all datasets, {RerunCommand.Of(run.Run)}{(run.Run.Forced ? "" : " --force")}, and replay the rejected rows of the new run."
            );
        }
    }

    internal async Task RequirePublishedAsync(RunId run, CancellationToken cancellationToken)
    {
        var published = await publishedRun.FindPublishedAsync(cancellationToken);
        if (published == run)
        {
            return;
        }

        var instead = published is null ? "no run is" : $"run {published} is";
        throw new EtlException(
            ErrorCode.Usage,
            $"Corrected rows cannot be added to run {run}: it is not the published run ({instead}).",
            $"Correct the day's source file and run the day again: etl run --date {run.BusinessDate} --force"
        );
    }
}
