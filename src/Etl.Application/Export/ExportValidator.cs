using FluentValidation;

namespace Etl.Application.Export;

internal sealed class ExportValidator : AbstractValidator<ExportCommand>
{
    public ExportValidator()
    {
        RuleFor(c => c.Run.Number).GreaterThan(0).WithMessage("A run's number is 1 or more.");
        RuleFor(c => c.Attempt).GreaterThan(0).WithMessage("A run's attempts are counted from 1.");
    }
}
