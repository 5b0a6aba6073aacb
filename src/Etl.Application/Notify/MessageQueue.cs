using Etl.Application.Runs;
using Etl.Application.Stage;
using Etl.Domain.Runs;

namespace Etl.Application.Notify;

/// <summary>Writes the messages of runs and queues them in the ledger.</summary>
internal sealed class MessageQueue(IRunHistory history, IOutbox outbox, IQuarantine quarantine)
{
    /// <summary>Examples for each dataset and code.</summary>
    private const int MaxExamples = 2;

    public async Task AddAsync(RunId run, RunSummary summary, CancellationToken cancellationToken)
    {
        var facts = new MessageFacts(run, summary)
        {
            LastEnded = (await history.LastEndedBeforeAsync(run, cancellationToken))?.Run,
            Before = await history.PreviousAsync(run, cancellationToken),
            Rejects = summary.Sources.Any(s => s.Rejected > 0) ? await RejectsAsync(run, cancellationToken) : [],
        };
        await outbox.QueueAsync(MessageWriter.Write(facts), cancellationToken);
    }

    /// <summary>Adds the messages of runs that ended without one, because their host died or another start ended them.</summary>
    public async Task AddMissingAsync(CancellationToken cancellationToken)
    {
        foreach (var run in await outbox.ListUnnotifiedAsync(cancellationToken))
        {
            if (await history.FindAsync(run, cancellationToken) is { } found)
            {
                await AddAsync(run, RunSummary.Of(found, []), cancellationToken);
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
                if (first.Count == MaxExamples)
                {
                    break;
                }
            }

            digests.Add(new RejectDigest(count, first));
        }

        return digests;
    }
}
