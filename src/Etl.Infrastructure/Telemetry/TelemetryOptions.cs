using Etl.Application.Options;
using Etl.Infrastructure.Settings;

namespace Etl.Infrastructure.Telemetry;

/// <summary>Export of traces and metrics. Section <c>Etl:Telemetry</c>.</summary>
public sealed class TelemetryOptions
{
    /// <summary>
    /// Address of a collector for OTLP over HTTP, such as <c>http://127.0.0.1:4318</c>, without the paths of the signals.
    /// Default none: <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> applies; without either, telemetry is off.
    /// </summary>
    [HttpAddress("a collector's address", "http://127.0.0.1:4318")]
    public string? OtlpEndpoint { get; set; }

    /// <summary>
    /// Timeout in seconds for sending the remaining signals at the end of a run. A timeout loses these signals and
    /// does not affect the run. Default 5.
    /// </summary>
    [Bounds(1, 60, "seconds")]
    public int FlushSeconds { get; set; } = 5;
}
