using Etl.Application.Errors;
using FluentValidation;

namespace Etl.Infrastructure.Postgres;

internal sealed class PostgresOptionsValidator : AbstractValidator<PostgresOptions>
{
    public PostgresOptionsValidator()
    {
        RuleFor(o => o.ConnectionString)
            .Must(CanRead)
            .When(o => !string.IsNullOrWhiteSpace(o.ConnectionString))
            .WithMessage(
                "cannot be read; give Npgsql keywords (Host=...;Database=...;Username=...) or a "
                    + "postgresql://user@host:5432/database URI, reserved characters percent-encoded."
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

    private static bool CanRead(string? text)
    {
        try
        {
            ConnectionText.Parse(text);
            return true;
        }
        catch (EtlException)
        {
            return false;
        }
    }
}
