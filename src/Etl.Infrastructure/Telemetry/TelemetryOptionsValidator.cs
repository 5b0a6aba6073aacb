using Etl.Application.Options;
using FluentValidation;

namespace Etl.Infrastructure.Telemetry;

internal sealed class TelemetryOptionsValidator : AbstractValidator<TelemetryOptions>
{
    public TelemetryOptionsValidator()
    {
        RuleFor(o => o.OtlpEndpoint)
            .Must(address =>
                string.IsNullOrWhiteSpace(address)
                || (Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
            )
            .WithMessage(o =>
                $"is {SafeText.Value(o.OtlpEndpoint)}; give a collector's address, as http://127.0.0.1:4318."
            );
        RuleFor(o => o.FlushSeconds)
            .InclusiveBetween(1, 60)
            .WithMessage("is {PropertyValue}; give a number of seconds from 1 to 60.");
    }
}
