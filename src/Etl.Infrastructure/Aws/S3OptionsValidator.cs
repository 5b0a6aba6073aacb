using Etl.Application.Options;
using FluentValidation;

namespace Etl.Infrastructure.Aws;

internal sealed class S3OptionsValidator : AbstractValidator<S3Options>
{
    public S3OptionsValidator()
    {
        RuleFor(o => o.TimeoutSeconds)
            .InclusiveBetween(1, 600)
            .WithMessage("is {PropertyValue}; give seconds from 1 to 600.");
        RuleFor(o => o.KmsKeyId)
            .Must(id => id is not { Length: > 0 } || !id.Any(char.IsWhiteSpace))
            .WithMessage(o => $"is {SafeText.Value(o.KmsKeyId)}; give a key's id, its ARN, or alias/NAME.");
    }
}
