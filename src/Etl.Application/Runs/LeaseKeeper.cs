using Etl.Application.Errors;
using Etl.Domain.Runs;

namespace Etl.Application.Runs;

/// <summary>Gives the ledger signs of life while a run is worked on, and stops the work when the lease is lost.</summary>
internal sealed class LeaseKeeper : IAsyncDisposable
{
    private readonly CancellationTokenSource work;
    private readonly CancellationTokenSource keeping = new();
    private readonly Task loop;

    public LeaseKeeper(
        IRunLease lease,
        RunId run,
        TimeSpan duration,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        work = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        loop = Task.Run(() => KeepAsync(lease, run, duration, clock), CancellationToken.None);
    }

    /// <summary>Cancelled with the caller's token, and when the lease is lost.</summary>
    public CancellationToken Token => work.Token;

    /// <summary>Whether another host has taken the run over.</summary>
    public bool Lost { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await keeping.CancelAsync();
        await loop;
        keeping.Dispose();
        work.Dispose();
    }

    private async Task KeepAsync(IRunLease lease, RunId run, TimeSpan duration, TimeProvider clock)
    {
        var lastSign = clock.GetTimestamp();
        while (!Lost)
        {
            try
            {
                await Task.Delay(duration / 3, clock, keeping.Token);
                Lost = !await lease.RenewAsync(run, keeping.Token);
                lastSign = clock.GetTimestamp();
            }
            catch (OperationCanceledException) when (keeping.IsCancellationRequested)
            {
                return;
            }
            catch (EtlException)
            {
                // A database that does not answer is no loss yet: it is one when the lease has run out meanwhile.
                Lost = clock.GetElapsedTime(lastSign) > duration;
            }
        }

        await work.CancelAsync();
    }
}
