using Etl.Application.Runs;
using Etl.Infrastructure.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Etl.Infrastructure.Telemetry.Lineage;

/// <summary>What a run tells a catalogue of data.</summary>
internal static class LineageServices
{
    public static IServiceCollection AddLineage(this IServiceCollection services, IConfiguration etl) =>
        services
            .AddSettings<LineageOptions, LineageOptionsValidator>(etl, "Lineage")
            .AddSingleton<ILineage, RunEvents>();
}
