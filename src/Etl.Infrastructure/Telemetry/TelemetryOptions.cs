using Etl.Application.Options;
using FluentValidation;

namespace Etl.Infrastructure.Telemetry;

/// <summary>Export of traces and metrics. Section <c>Etl:Telemetry</c>.</summary>
public sealed class TelemetryOptions
{
    /// <summary>
    /// Address of a collector for OTLP over HTTP, such as <c>http://127.0.0.1:4318</c>, without the paths of the signals.
    /// Default none: <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> applies; without either, telemetry is off.
    /// </summary>
    public string? OtlpEndpoint { get; set; }

    /// <summary>
    /// Timeout in seconds for sending the remaining signals at the end of a run, 1 to 60. A timeout loses these signals and
    /// does not affect the run. Default 5.
    /// </summary>
    public int FlushSeconds { get; set; } = 5;
}

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
                $"is {SafeText.Value(o.OtlpEndpoint)}; give a collector's address, such as http://127.0.0.1:4318."
            );
        RuleFor(o => o.FlushSeconds)
            .InclusiveBetween(1, 60)
            .WithMessage("is {PropertyValue}; give a number of seconds from 1 to 60.");
    }
}
