using Etl.Domain.Datasets;
using FluentValidation;

namespace Etl.Application.Transform;

internal sealed class TransformValidator : AbstractValidator<TransformCommand>
{
    public TransformValidator()
    {
        RuleFor(c => c.Run.Number).InclusiveBetween(1, 999).WithMessage("A run's number lies between 1 and 999.");
        RuleFor(c => c.Attempt).GreaterThan(0).WithMessage("A run's attempts are counted from 1.");
        RuleFor(c => c.AsOf)
            .InclusiveBetween(FieldRules.MinDate, FieldRules.MaxDate)
            .WithMessage("The as-of date must lie between 1900-01-01 and 2199-12-31.");
    }
}
