using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Application.Steps;
using Etl.Domain.Runs;
using Microsoft.Extensions.Options;

namespace Etl.Application.Extract;

/// <summary>
/// Looks for the files of a day before a run is leased, so that a start without files uses no run number; waits for them
/// if <see cref="DeliveryOptions.WaitUntil"/> is set.
/// </summary>
internal sealed class DeliveryWait(
    SnapshotFinder snapshots,
    RetryPolicy retries,
    IRunObserver observer,
    IOptions<DeliveryOptions> delivery,
    IOptions<ScheduleOptions> schedule,
    TimeProvider clock
)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <exception cref="EtlException">
    /// None of the required files has arrived, or the delivery is incomplete when the time is over, or the source cannot be
    /// read.
    /// </exception>
    public Task RequireAsync(BusinessDate date, CancellationToken cancellationToken)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(schedule.Value.TimeZone);
        return delivery.Value.DeadlineOn(clock.GetUtcNow(), zone) is { } deadline
            ? WaitAsync(date, deadline, cancellationToken)
            : retries.DoAsync(null, () => LookOnceAsync(date, cancellationToken), cancellationToken);
    }

    /// <summary>Where the sender has to state that a delivery is complete, a start before that finds no delivery.</summary>
    private Task LookOnceAsync(BusinessDate date, CancellationToken cancellationToken) =>
        delivery.Value.Require == DeliveryEvidence.None
            ? snapshots.RequireAnyAsync(date, cancellationToken)
            : snapshots.FindAsync(date, cancellationToken);

    /// <summary>
    /// Looks until the delivery is complete. Files that arrived meanwhile may still be growing, so two looks have to find the
    /// same versions.
    /// </summary>
    private async Task WaitAsync(BusinessDate date, DateTimeOffset deadline, CancellationToken cancellationToken)
    {
        var (seen, missing) = await LookAsync(date, cancellationToken);
        while (missing is not null)
        {
            var remaining = deadline - clock.GetUtcNow();
            if (remaining <= TimeSpan.Zero)
            {
                throw new EtlException(ArrivalErrors.Late(date, delivery.Value.WaitUntil!, schedule.Value, missing));
            }

            observer.Waiting(date, missing, remaining);
            await Task.Delay(remaining < Interval ? remaining : Interval, clock, cancellationToken);
            var before = seen;
            (seen, missing) = await LookAsync(date, cancellationToken);
            if (missing is null && seen != before)
            {
                missing = "Its files are still arriving.";
            }
        }
    }

    /// <returns>The versions of a complete delivery, or what is missing.</returns>
    private async Task<(string? Versions, string? Missing)> LookAsync(
        BusinessDate date,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var found = await retries.DoAsync(
                null,
                () => snapshots.FindAsync(date, cancellationToken),
                cancellationToken
            );
            return (string.Join('\n', found.Files.Values.SelectMany(f => f).Select(f => $"{f.Uri} {f.Version}")), null);
        }
        catch (EtlException exception)
            when (exception.Error.Code is ErrorCode.SourceMissing or ErrorCode.SourceEmpty or ErrorCode.SourceIncomplete
            )
        {
            return (null, exception.Error.Message);
        }
    }
}
