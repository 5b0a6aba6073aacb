using Etl.Application.Operations;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Infrastructure.Aws;
using Etl.Infrastructure.Export;
using Etl.Infrastructure.Export.Lake;
using Etl.Infrastructure.Extract;
using Etl.Infrastructure.FileSystem;
using Etl.Infrastructure.Ledger;
using Etl.Infrastructure.Notify;
using Etl.Infrastructure.Postgres;
using Etl.Infrastructure.Publish;
using Etl.Infrastructure.Report;
using Etl.Infrastructure.Settings;
using Etl.Infrastructure.Stage;
using Etl.Infrastructure.Telemetry;
using Etl.Infrastructure.Telemetry.Lineage;
using Etl.Infrastructure.Transform;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Etl.Infrastructure;

/// <summary>The infrastructure layer's one registration.</summary>
public static class InfrastructureServices
{
    /// <summary>Adds an adapter for every port, with its options from section <c>Etl</c>.</summary>
    public static IServiceCollection AddEtlInfrastructure(
        this IServiceCollection services,
        IConfiguration configuration
    )
    {
        var etl = configuration.GetSection("Etl");
        services.AddSettings<QualityOptions>(etl, "Quality");
        services.AddSettings<ScheduleOptions>(etl, "Schedule");
        services.AddSettings<CalendarOptions>(etl, "Calendar");
        services.AddSettings<AnalyticsOptions>(etl, "Analytics");
        services.AddSettings<RunOptions>(etl, "Run");
        services.AddSettings<CostOptions>(etl, "Cost");
        services.AddSettings<PostgresOptions, PostgresOptionsValidator>(etl, "Postgres");
        services.AddSingleton(p => new SettingsCheck(configuration, p.GetServices<SettingsSection>()));
        services.AddSettings<S3Options, S3OptionsValidator>(etl, "S3");
        services.AddSingleton<S3Access>();
        services.AddSettings<TelemetryOptions, TelemetryOptionsValidator>(etl, "Telemetry");
        services.AddTelemetry(configuration);
        services.AddLineage(etl);
        services.AddPostgres();
        services.AddLedger();
        services.AddSources(etl);
        services.AddLake(etl);
        services.AddNotifications(etl);
        services.AddStaging();
        services.AddTransform();
        services.AddSingleton<IHealthCheck>(p => new DiskHealth(() => FoldersOf(p)));
        services.AddExport();
        services.AddPublish();
        services.AddReport();
        services.TryAddSingleton<IRunObserver, LogObserver>(); // a host that draws progress adds its own before
        return services;
    }

    private static IEnumerable<string> FoldersOf(IServiceProvider services)
    {
        var lake = services.GetRequiredService<IOptions<LakeOptions>>().Value.Uri;
        if (!string.IsNullOrWhiteSpace(lake) && !S3Address.IsOne(lake))
        {
            yield return FolderUri.PathOf(lake);
        }
    }
}
