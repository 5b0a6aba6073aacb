using Etl.Application.Runs;
using Etl.Application.Stage;
using Etl.Domain.Runs;

namespace Etl.Application.Notify;

/// <summary>Gathers what a run's message tells, and leaves the message in the ledger to be sent.</summary>
internal sealed class Messages(IRunHistory history, IOutbox outbox, IQuarantine quarantine)
{
    /// <summary>Examples of each kind of rejected row.</summary>
    private const int MostExamples = 2;

    public async Task QueueAsync(RunId run, RunSummary summary, CancellationToken cancellationToken)
    {
        var facts = new MessageFacts(run, summary)
        {
            LastEnded = (await history.LastEndedBeforeAsync(run, cancellationToken))?.Run,
            Before = await history.PreviousAsync(run, cancellationToken),
            Rejects = summary.Sources.Any(s => s.Rejected > 0) ? await RejectsAsync(run, cancellationToken) : [],
        };
        await outbox.QueueAsync(MessageWriter.Write(facts), cancellationToken);
    }

    /// <summary>A run whose host died, or that another start abandoned, has still to be told of.</summary>
    public async Task QueueMissingAsync(CancellationToken cancellationToken)
    {
        foreach (var run in await outbox.ListUnnotifiedAsync(cancellationToken))
        {
            if (await history.FindAsync(run, cancellationToken) is { } found)
            {
                await QueueAsync(run, RunSummary.Of(found, []), cancellationToken);
            }
        }
    }

    private async Task<IReadOnlyList<RejectDigest>> RejectsAsync(RunId run, CancellationToken cancellationToken)
    {
        var digests = new List<RejectDigest>();
        foreach (var count in await quarantine.CountAsync(run, cancellationToken))
        {
            var first = new List<QuarantinedRow>();
            await foreach (var row in quarantine.ReadAsync(run, count.Dataset, count.Code, cancellationToken))
            {
                first.Add(row);
                if (first.Count == MostExamples)
                {
                    break;
                }
            }

            digests.Add(new RejectDigest(count, first));
        }

        return digests;
    }
}
