using System.Runtime.CompilerServices;
using Etl.Application.Runs;
using Etl.Infrastructure.Settings;
using Etl.Infrastructure.Telemetry.Lineage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Etl.Infrastructure.Telemetry;

/// <summary>
/// Exports traces and metrics if a collector is configured. Only <see cref="Open"/> uses types of OpenTelemetry, so that
/// its assemblies are not loaded otherwise.
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

    /// <summary>Sends the remaining signals, within the configured timeout; called before a host exits or is frozen.</summary>
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

/// <summary>Registers and starts telemetry and lineage.</summary>
public static class TelemetryServices
{
    internal static IServiceCollection AddTelemetry(
        this IServiceCollection services,
        IConfiguration configuration,
        IConfiguration etl
    )
    {
        services
            .AddSettings<TelemetryOptions>(etl, "Telemetry")
            .AddSettings<LineageOptions>(etl, "Lineage")
            .AddSingleton<ILineage, RunEvents>()
            .AddSingleton(p => new TelemetryExport(
                p.GetRequiredService<IOptions<TelemetryOptions>>().Value,
                configuration
            ))
            .TryAddSingleton<IRunObserver, LogObserver>(); // a host with a terminal registers its own observer before
        return services;
    }

    /// <summary>Starts to collect signals if a collector is configured; the container disposes the export.</summary>
    public static TelemetryExport StartTelemetry(this IServiceProvider services) =>
        services.GetRequiredService<TelemetryExport>();
}
