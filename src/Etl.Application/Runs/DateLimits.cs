using System.Globalization;
using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;
using Microsoft.Extensions.Options;

namespace Etl.Application.Runs;

/// <summary>The dates that a run can have, in every host. Any other is a mistake, and is refused before it is recorded.</summary>
internal sealed class DateLimits(IOptions<ScheduleOptions> schedule, TimeProvider clock)
{
    /// <summary>Why a request is refused; null for one that can run.</summary>
    public EtlError? ErrorOf(RunRequest request)
    {
        var date = request.BusinessDate;
        var zone = TimeZoneInfo.FindSystemTimeZoneById(schedule.Value.TimeZone);
        if (date.Value > BusinessDate.At(clock.GetUtcNow(), zone).Value.AddDays(1))
        {
            return Refused(
                $"The business date {date} is after tomorrow.",
                "Correct the date; its files cannot exist yet."
            );
        }

        if (date.Value < FieldRules.MinDate)
        {
            return Refused(
                $"The business date {date} is before {Text(FieldRules.MinDate)}.",
                "Correct the date; files cannot contain earlier dates."
            );
        }

        return request.AsOf is { } asOf && (asOf < FieldRules.MinDate || asOf > FieldRules.MaxDate)
            ? Refused(
                $"The as-of date {Text(asOf)} is not from {Text(FieldRules.MinDate)} to {Text(FieldRules.MaxDate)}.",
                "Correct the date, or omit it to count ages to the business date."
            )
            : null;
    }

    private static EtlError Refused(string message, string nextStep) => new(ErrorCode.Usage, message, nextStep);

    private static string Text(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
