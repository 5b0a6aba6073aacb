using Etl.Application.Options;
using Etl.Infrastructure.Settings;
using FluentValidation;

namespace Etl.Infrastructure.Extract;

internal sealed class SourceOptionsValidator : AbstractValidator<SourceOptions>
{
    public SourceOptionsValidator() =>
        RuleFor(o => o.Uri)
            .Must(Location.IsKnown)
            .WithMessage(o =>
                $"is {SafeText.Value(o.Uri)}; give a folder's path, a file:// address or s3://bucket/prefix."
            );
}
