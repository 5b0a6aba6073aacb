using Etl.Application.Runs;
using Etl.Application.Stage;
using Etl.Domain.Runs;

namespace Etl.Application.Notify;

/// <summary>Writes the messages of runs and queues them in the ledger.</summary>
internal sealed class MessageQueue(IRunHistory history, IOutbox outbox, IQuarantine quarantine)
{
    /// <summary>Examples for each dataset and code.</summary>
    private const int MaxExamples = 2;

    /// <summary>More causes of one day do not fit a phone.</summary>
    private const int MaxCauses = 10;

    /// <summary>Adds the message of a start that ended before a run was leased.</summary>
    public async Task AddAsync(RunSummary summary, CancellationToken cancellationToken)
    {
        var repeats = await RepeatsAsync(summary, cancellationToken);
        await outbox.QueueAsync(
            MessageWriter.Write(new MessageFacts(Run: null, summary) { Repeats = repeats }),
            cancellationToken
        );
    }

    public async Task AddAsync(RunId run, RunSummary summary, CancellationToken cancellationToken)
    {
        var facts = new MessageFacts(run, summary)
        {
            Repeats = await RepeatsAsync(summary, cancellationToken),
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

    /// <summary>The starts that failed since the last message; a failure leaves out those of its own cause.</summary>
    private async Task<IReadOnlyList<FailedStarts>> RepeatsAsync(
        RunSummary summary,
        CancellationToken cancellationToken
    )
    {
        var date = BusinessDate.Parse(summary.BusinessDate);
        var failed = await history.ListFailedStartsAsync(date, MaxCauses, cancellationToken);
        return [.. failed.Where(f => f.Repeats > 0 && f.Cause != summary.Error?.Cause)];
    }

    private async Task<IReadOnlyList<RejectDigest>> RejectsAsync(RunId run, CancellationToken cancellationToken)
    {
        var digests = new List<RejectDigest>();
        foreach (var count in await quarantine.CountAsync(run, cancellationToken))
        {
            var first = new List<QuarantinedRow>();
            var filter = new QuarantineFilter(count.Dataset, count.Code);
            await foreach (var row in quarantine.ReadAsync(run, filter, cancellationToken))
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
