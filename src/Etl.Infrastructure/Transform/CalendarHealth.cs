using Etl.Application.Errors;
using Etl.Application.Extract;
using Etl.Application.Operations;
using Etl.Application.Options;
using Etl.Domain.Runs;
using Microsoft.Extensions.Options;

namespace Etl.Infrastructure.Transform;

/// <summary>Whether the calendar knows the coming year, so that no holiday is missed in the months to come.</summary>
internal sealed class CalendarHealth(
    Func<DimensionReader> reader,
    Func<SnapshotFinder> snapshots,
    IOptions<CalendarOptions> options
) : IHealthCheck
{
    public string Name => "calendar";

    public string Needs => "source";

    public ErrorCode Cause => ErrorCode.SourceUnreadable;

    public async Task<HealthCheckResult> CheckAsync(BusinessDate date, CancellationToken cancellationToken)
    {
        var holidays = (options.Value.FixedHolidays?.Count ?? 3) + (options.Value.ExtraHolidays?.Count ?? 0);
        if (await snapshots().FindDatesAsync(date, cancellationToken) is not { } file)
        {
            return HealthCheckResult.Ok($"every year, from settings: {holidays} holidays and the weekends");
        }

        var days = new HashSet<DateOnly>();
        await new CalendarFile(reader()).ReadAsync(file, days, _ => ValueTask.CompletedTask, cancellationToken);

        var today = date.Value;
        var year = Enumerable.Range(0, today.AddYears(1).DayNumber - today.DayNumber).Select(today.AddDays).ToList();
        var missing = year.FindAll(d => !days.Contains(d));
        return missing.Count == 0
            ? HealthCheckResult.Ok($"{file.FileName} knows every day until {new BusinessDate(year[^1])}")
            : HealthCheckResult.Warning(
                $"{file.FileName} lacks {missing.Count} days of the coming year, from {new BusinessDate(missing[0])}",
                "Deliver it with the coming year; until then Etl:Calendar decides on those days."
            );
    }
}
