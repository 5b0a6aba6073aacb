using FluentValidation;

namespace Etl.Application.Options;

/// <summary>The calendar day of a point in time. Section <c>Etl:Schedule</c>.</summary>
public sealed class ScheduleOptions
{
    /// <summary>IANA time zone in which a timestamp becomes a business date. Default <c>UTC</c>.</summary>
    public string TimeZone { get; set; } = "UTC";
}

internal sealed class ScheduleOptionsValidator : OptionsValidator<ScheduleOptions>
{
    public ScheduleOptionsValidator() =>
        RuleFor(o => o.TimeZone)
            .Must(zone => TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
            .WithMessage(o =>
                $"is {SafeText.Value(o.TimeZone)}, which is not a time zone of this machine; "
                + "give an IANA name, such as Europe/Berlin."
            );
}
