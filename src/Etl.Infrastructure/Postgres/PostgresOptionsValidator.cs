using FluentValidation;

namespace Etl.Infrastructure.Postgres;

internal sealed class PostgresOptionsValidator : AbstractValidator<PostgresOptions>
{
    public PostgresOptionsValidator()
    {
        RuleFor(o => o.ConnectionString)
            .Custom(
                (text, context) =>
                {
                    if (!string.IsNullOrWhiteSpace(text) && ConnectionText.ProblemOf(text) is { } problem)
                    {
                        context.AddFailure($"cannot be read: {problem}. Give {ConnectionText.Forms}.");
                    }
                }
            );
        RuleFor(o => o.StatementTimeoutSeconds)
            .InclusiveBetween(0, 86_400)
            .WithMessage("must lie between 0 and 86400 seconds.");
        RuleFor(o => o.RootCertificate)
            .Must(File.Exists)
            .When(o => !string.IsNullOrWhiteSpace(o.RootCertificate))
            .WithMessage("is no file; give the path of a PEM file with the authorities' certificates.");
        RuleFor(o => o.LockTimeoutMilliseconds)
            .InclusiveBetween(10, 60_000)
            .WithMessage("must lie between 10 and 60000 milliseconds.");
        RuleFor(o => o.PublishWaitSeconds)
            .InclusiveBetween(0, 3600)
            .WithMessage("must lie between 0 and 3600 seconds.");
    }
}
