using Etl.Application.Options;
using Etl.Infrastructure.Settings;
using FluentValidation;

namespace Etl.Infrastructure.Export.Lake;

internal sealed class LakeOptionsValidator : AbstractValidator<LakeOptions>
{
    public LakeOptionsValidator() =>
        RuleFor(o => o.Uri)
            .Must(Location.IsKnown)
            .WithMessage(o =>
                $"is {SafeText.Value(o.Uri)}; give a folder's path, a file:// address or s3://bucket/prefix."
            );
}
