using FluentValidation;

namespace Etl.Application.Extract;

internal sealed class ExtractValidator : AbstractValidator<ExtractCommand>
{
    public ExtractValidator()
    {
        RuleFor(c => c.Run.Number).InclusiveBetween(1, 999).WithMessage("A run's number lies between 1 and 999.");
        RuleFor(c => c.Attempt).GreaterThan(0).WithMessage("A run's attempts are counted from 1.");
    }
}
