using System.Globalization;
using FluentValidation;

namespace Etl.Application.Options;

/// <summary>When a delivery is complete. Section <c>Etl:Delivery</c>.</summary>
public sealed class DeliveryOptions
{
    /// <summary>
    /// Time of today in <c>Etl:Schedule:TimeZone</c>, <c>HH:mm</c>, until which a start waits for a complete delivery; after it
    /// the start fails as late. No run and no lease exists meanwhile. Default none: a start does not wait. The Lambda host
    /// refuses it, because a waiting function costs as much as a working one; use a later schedule or an S3 event there.
    /// </summary>
    public string? WaitUntil { get; set; }

    /// <summary>The point in time of <see cref="WaitUntil"/> on the day of the given time; null if it is not set.</summary>
    public DateTimeOffset? DeadlineOn(DateTimeOffset now, TimeZoneInfo zone)
    {
        if (TryReadTime(WaitUntil) is not { } time)
        {
            return null;
        }

        var local = TimeZoneInfo.ConvertTime(now, zone).Date + time.ToTimeSpan();
        // A time that the start of daylight saving time skips is the end of the gap.
        var valid = zone.IsInvalidTime(local) ? local.AddHours(1) : local;
        return new DateTimeOffset(valid, zone.GetUtcOffset(valid));
    }

    internal static TimeOnly? TryReadTime(string? text) =>
        TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, default, out var time) ? time : null;
}

internal sealed class DeliveryOptionsValidator : OptionsValidator<DeliveryOptions>
{
    public DeliveryOptionsValidator() =>
        RuleFor(o => o.WaitUntil)
            .Must(text => string.IsNullOrEmpty(text) || DeliveryOptions.TryReadTime(text) is not null)
            .WithMessage(o => $"is {SafeText.Value(o.WaitUntil)}; give a time of day as HH:mm, such as 07:30.");
}
