using FluentValidation;

namespace Etl.Application.Options;

internal sealed class ScheduleOptionsValidator : AbstractValidator<ScheduleOptions>
{
    public ScheduleOptionsValidator() =>
        RuleFor(o => o.TimeZone)
            .Must(zone => TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
            .WithMessage(o =>
                $"is {SafeText.Value(o.TimeZone)}, "
                + "which this machine knows no zone of; give an IANA name, as Europe/Berlin."
            );
}
