using Etl.Application.Options;
using Etl.Infrastructure.Aws;
using Etl.Infrastructure.Export;
using Etl.Infrastructure.Extract;
using Etl.Infrastructure.Ledger;
using Etl.Infrastructure.Notify;
using Etl.Infrastructure.Postgres;
using Etl.Infrastructure.Publish;
using Etl.Infrastructure.Report;
using Etl.Infrastructure.Settings;
using Etl.Infrastructure.Stage;
using Etl.Infrastructure.Telemetry;
using Etl.Infrastructure.Transform;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Etl.Infrastructure;

/// <summary>Registers the infrastructure layer.</summary>
public static class InfrastructureServices
{
    /// <summary>Registers an adapter for every port, with options from the section <c>Etl</c>.</summary>
    public static IServiceCollection AddEtlInfrastructure(
        this IServiceCollection services,
        IConfiguration configuration
    )
    {
        var etl = configuration.GetSection("Etl");
        return services
            .AddApplicationSettings(configuration, etl)
            .AddTelemetry(configuration, etl)
            .AddPostgres(etl, RdsToken.CreateAsync)
            .AddAws(etl)
            .AddLedger()
            .AddExtract(etl)
            .AddStaging()
            .AddTransform()
            .AddPublish()
            .AddExport(etl)
            .AddReport()
            .AddNotify(etl);
    }

    private static IServiceCollection AddApplicationSettings(
        this IServiceCollection services,
        IConfiguration configuration,
        IConfiguration etl
    ) =>
        services
            .AddSettings<DeliveryOptions>(etl, "Delivery")
            .AddSettings<QualityOptions>(etl, "Quality")
            .AddSettings<ScheduleOptions>(etl, "Schedule")
            .AddSettings<CalendarOptions>(etl, "Calendar")
            .AddSettings<AnalyticsOptions>(etl, "Analytics")
            .AddSettings<RunOptions>(etl, "Run")
            .AddSettings<CostOptions>(etl, "Cost")
            .AddSingleton(p => new SettingsCheck(configuration, p.GetServices<SettingsSection>()));

    private static IServiceCollection AddAws(this IServiceCollection services, IConfiguration etl) =>
        services.AddSettings<S3Options>(etl, "S3").AddSingleton<S3Access>();
}
