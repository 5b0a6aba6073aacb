using FluentValidation;

namespace Etl.Hosts.Console.LocalPostgres;

internal sealed class LocalPostgresOptionsValidator : AbstractValidator<LocalPostgresOptions>
{
    public LocalPostgresOptionsValidator()
    {
        RuleFor(o => o.SharedBuffersMegabytes)
            .InclusiveBetween(16, 16_384)
            .WithMessage("is {PropertyValue}; give a number of MB from 16 to 16384.");
        RuleFor(o => o.TimeoutSeconds)
            .InclusiveBetween(1, 600)
            .WithMessage("is {PropertyValue}; give a number of seconds from 1 to 600.");
    }
}
