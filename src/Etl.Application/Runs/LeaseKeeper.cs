using Etl.Application.Errors;

namespace Etl.Application.Runs;

/// <summary>Renews a lease while a host works on what it leased, and stops the work when the lease is lost.</summary>
public sealed class LeaseKeeper : IAsyncDisposable
{
    private readonly CancellationTokenSource work;
    private readonly CancellationTokenSource keeping = new();
    private readonly Task loop;

    /// <param name="renew">Extends the lease; false when it is lost.</param>
    /// <param name="duration">How long a lease lasts. It is renewed every third of it.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public LeaseKeeper(
        Func<CancellationToken, Task<bool>> renew,
        TimeSpan duration,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        work = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        loop = Task.Run(() => KeepAsync(renew, duration, clock), CancellationToken.None);
    }

    /// <summary>Cancelled with the caller's token, and when the lease is lost.</summary>
    public CancellationToken Token => work.Token;

    /// <summary>Whether another host has taken over.</summary>
    public bool Lost { get; private set; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await keeping.CancelAsync();
        await loop;
        keeping.Dispose();
        work.Dispose();
    }

    private async Task KeepAsync(Func<CancellationToken, Task<bool>> renew, TimeSpan duration, TimeProvider clock)
    {
        var lastRenewal = clock.GetTimestamp();
        while (!Lost)
        {
            try
            {
                await Task.Delay(duration / 3, clock, keeping.Token);
                Lost = !await renew(keeping.Token);
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
