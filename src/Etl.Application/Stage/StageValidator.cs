using Etl.Domain;
using FluentValidation;

namespace Etl.Application.Stage;

internal sealed class StageValidator : AbstractValidator<StageCommand>
{
    public StageValidator(DatasetCatalog datasets)
    {
        RuleFor(c => c.Run.Number).GreaterThan(0).WithMessage("A run's number is 1 or more.");
        RuleFor(c => c.Attempt).GreaterThan(0).WithMessage("A run's attempts are counted from 1.");
        RuleFor(c => c.Files)
            .Must(files => datasets.All.All(d => files.ContainsKey(d.Name)))
            .WithMessage("Every dataset needs an entry, be it that its file is missing.");
    }
}
