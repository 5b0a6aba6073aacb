namespace Etl.Infrastructure.Telemetry;

/// <summary>Where traces and metrics go. Section <c>Etl:Telemetry</c>.</summary>
public sealed class TelemetryOptions
{
    /// <summary>
    /// Address of a collector that takes OTLP over HTTP, as <c>http://127.0.0.1:4318</c>; the signals' own paths are added.
    /// Default none; then <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> of OpenTelemetry's own variables counts, and with neither nothing is
    /// measured or loaded for it.
    /// </summary>
    public string? OtlpEndpoint { get; set; }

    /// <summary>
    /// Seconds that a run waits, at its end, for the collector to take what is left, 1 to 60. What it did not take by then
    /// is lost, and the run is none the worse. Default 5.
    /// </summary>
    public int FlushSeconds { get; set; } = 5;
}
