using Etl.Application.Ports;
using Etl.Application.Settings;
using Etl.Infrastructure.Observability;
using Etl.Infrastructure.Postgres;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

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
        services.Configure<QualityOptions>(etl.GetSection("Quality"));
        services.Configure<ScheduleOptions>(etl.GetSection("Schedule"));
        services.Configure<CalendarOptions>(etl.GetSection("Calendar"));
        services.Configure<AnalyticsOptions>(etl.GetSection("Analytics"));
        services.Configure<RunOptions>(etl.GetSection("Run"));
        services.Configure<PostgresOptions>(etl.GetSection("Postgres"));
        services.AddPostgres();
        services.TryAddSingleton<IRunObserver, LogObserver>(); // a host that draws progress adds its own before
        return services;
    }
}
