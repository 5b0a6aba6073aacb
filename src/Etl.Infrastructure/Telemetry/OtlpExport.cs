using System.Reflection;
using Etl.Application.Steps;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Etl.Infrastructure.Telemetry;

/// <summary>Exports the traces and metrics of the pipeline and of Npgsql by OTLP.</summary>
internal sealed class OtlpExport : IDisposable
{
    private const string Driver = "Npgsql";
    private readonly TelemetryOptions options;
    private readonly TracerProvider traces;
    private readonly MeterProvider metrics;

    public OtlpExport(TelemetryOptions options)
    {
        this.options = options;
        var version = typeof(OtlpExport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>();
        // Added last, so that OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES take precedence.
        var resource = ResourceBuilder
            .CreateEmpty()
            .AddService("etl", serviceVersion: version?.InformationalVersion)
            .AddEnvironmentVariableDetector();
        traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource(Signals.Name, Driver)
            .AddOtlpExporter(o => Configure(o, "v1/traces"))
            .Build();
        metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(Signals.Name, Driver)
            .AddOtlpExporter(o => Configure(o, "v1/metrics"))
            .Build();
    }

    public void Flush()
    {
        var timeout = options.FlushSeconds * 1000;
        traces.ForceFlush(timeout);
        metrics.ForceFlush(timeout);
    }

    public void Dispose()
    {
        var timeout = options.FlushSeconds * 1000;
        traces.Shutdown(timeout);
        metrics.Shutdown(timeout);
        traces.Dispose();
        metrics.Dispose();
    }

    /// <summary>OpenTelemetry's variables set the rest: headers, certificate, timeout, another protocol.</summary>
    private void Configure(OtlpExporterOptions otlp, string path)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_PROTOCOL")))
        {
            otlp.Protocol = OtlpExportProtocol.HttpProtobuf;
        }

        if (!string.IsNullOrWhiteSpace(options.OtlpEndpoint))
        {
            otlp.Endpoint = new Uri($"{options.OtlpEndpoint.TrimEnd('/')}/{path}");
        }
    }
}
