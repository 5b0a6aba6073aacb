using Etl.Application.Errors;
using FluentValidation;

namespace Etl.Infrastructure.Postgres;

internal sealed class PostgresOptionsValidator : AbstractValidator<PostgresOptions>
{
    public PostgresOptionsValidator() =>
        RuleFor(o => o.ConnectionString)
            .Must(CanRead)
            .When(o => !string.IsNullOrWhiteSpace(o.ConnectionString))
            .WithMessage(
                "cannot be read; give Npgsql keywords (Host=...;Database=...;Username=...) or a "
                    + "postgresql://user@host:5432/database URI, reserved characters percent-encoded."
            );

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
