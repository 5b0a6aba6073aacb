using Etl.Domain.Datasets;
using FluentValidation;

namespace Etl.Application.Transform;

internal sealed class TransformValidator : AbstractValidator<TransformCommand>
{
    public TransformValidator()
    {
        RuleFor(c => c.Run.Number).GreaterThan(0).WithMessage("A run's number is 1 or more.");
        RuleFor(c => c.Attempt).GreaterThan(0).WithMessage("A run's attempts are counted from 1.");
        RuleFor(c => c.AsOf)
            .InclusiveBetween(FieldRules.MinDate, FieldRules.MaxDate)
            .WithMessage("The as-of date must lie between 1900-01-01 and 2199-12-31.");
    }
}
