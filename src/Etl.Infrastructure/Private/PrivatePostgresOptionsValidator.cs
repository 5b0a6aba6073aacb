using FluentValidation;

namespace Etl.Infrastructure.Private;

internal sealed class PrivatePostgresOptionsValidator : AbstractValidator<PrivatePostgresOptions>
{
    public PrivatePostgresOptionsValidator()
    {
        RuleFor(o => o.SharedBuffersMegabytes)
            .InclusiveBetween(16, 16_384)
            .WithMessage("is {PropertyValue}; give a number of MB from 16 to 16384.");
        RuleFor(o => o.TimeoutSeconds)
            .InclusiveBetween(1, 600)
            .WithMessage("is {PropertyValue}; give a number of seconds from 1 to 600.");
    }
}
