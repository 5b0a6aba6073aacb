using FluentValidation;

namespace Etl.Application.Options;

internal sealed class RunOptionsValidator : AbstractValidator<RunOptions>
{
    public RunOptionsValidator()
    {
        RuleFor(o => o.LeaseSeconds)
            .InclusiveBetween(2, 3600)
            .WithMessage("is {PropertyValue}; give a number of seconds from 2 to 3600.");
        RuleFor(o => o.KeepRuns)
            .InclusiveBetween(0, 30)
            .WithMessage("is {PropertyValue}; give a number of runs from 0 to 30.");
        RuleFor(o => o.DeadlineMarginSeconds)
            .InclusiveBetween(2, 300)
            .WithMessage("is {PropertyValue}; give a number of seconds from 2 to 300.");
        RuleFor(o => o.Retries).InclusiveBetween(0, 10).WithMessage("is {PropertyValue}; give a number from 0 to 10.");
    }
}
