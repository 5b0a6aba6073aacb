using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Etl.Infrastructure.Telemetry;

/// <summary>
/// Sends traces and metrics to a collector, where one is configured. Nothing in here names a type of OpenTelemetry but the
/// method that is called then, so that its assemblies are not even loaded otherwise.
/// </summary>
public sealed class TelemetryExport : IDisposable
{
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private readonly IDisposable? export;
    private readonly Action? flush;

    internal TelemetryExport(TelemetryOptions options, IConfiguration configuration)
    {
        if (
            !string.IsNullOrWhiteSpace(options.OtlpEndpoint)
            || !string.IsNullOrWhiteSpace(configuration[EndpointVariable])
        )
        {
            (export, flush) = Open(options);
        }
    }

    /// <summary>Waits, for a bounded time, until the collector has what was measured; before a host answers or is frozen.</summary>
    public void Flush() => flush?.Invoke();

    /// <inheritdoc/>
    public void Dispose() => export?.Dispose();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (IDisposable Export, Action Flush) Open(TelemetryOptions options)
    {
        var otlp = new OtlpExport(options);
        return (otlp, otlp.Flush);
    }
}

/// <summary>Where telemetry begins.</summary>
public static class TelemetryServices
{
    internal static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration) =>
        services.AddSingleton(p => new TelemetryExport(
            p.GetRequiredService<IOptions<TelemetryOptions>>().Value,
            configuration
        ));

    /// <summary>Listens from here on, if a collector is configured; the container ends it.</summary>
    public static TelemetryExport StartTelemetry(this IServiceProvider services) =>
        services.GetRequiredService<TelemetryExport>();
}
