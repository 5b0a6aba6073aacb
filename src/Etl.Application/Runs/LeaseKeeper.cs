using Etl.Application.Errors;
using Etl.Domain.Runs;

namespace Etl.Application.Runs;

/// <summary>Renews the lease while a host works on a run, and stops the work when the lease is lost.</summary>
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
        var lastRenewal = clock.GetTimestamp();
        while (!Lost)
        {
            try
            {
                await Task.Delay(duration / 3, clock, keeping.Token);
                Lost = !await lease.RenewAsync(run, keeping.Token);
                lastRenewal = clock.GetTimestamp();
            }
            catch (OperationCanceledException) when (keeping.IsCancellationRequested)
            {
                return;
            }
            catch (EtlException)
            {
                // A database that does not answer costs the lease only after the lease's full duration.
                Lost = clock.GetElapsedTime(lastRenewal) > duration;
            }
        }

        await work.CancelAsync();
    }
}
