using FluentValidation;

namespace Etl.Application.Options;

internal sealed class AnalyticsOptionsValidator : AbstractValidator<AnalyticsOptions>
{
    public AnalyticsOptionsValidator()
    {
        RuleFor(o => o.LateAfterDays)
            .InclusiveBetween(1, 365)
            .WithMessage("is {PropertyValue}; give a number of days from 1 to 365.");
        RuleFor(o => o.UndeliveredAfterDays)
            .InclusiveBetween(1, 365)
            .WithMessage("is {PropertyValue}; give a number of days from 1 to 365.");
    }
}
