using Etl.Application.Extract;
using Etl.Application.Operations;
using Etl.Application.Options;
using Etl.Application.Transform;
using Etl.Domain;
using Etl.Domain.Analytics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Etl.Infrastructure.Transform;

internal static class TransformServices
{
    public static IServiceCollection AddTransform(this IServiceCollection services, MartCatalog described) =>
        services
            .AddSingleton(p => described.For(p.GetRequiredService<DatasetCatalog>()))
            .AddSingleton<DimensionReader>()
            .AddSingleton<IDimensionChecker, DimensionChecker>()
            .AddSingleton<RunParameters>()
            .AddSingleton<RunProducts>()
            .AddSingleton<RunCalendar>()
            .AddSingleton<IAnalyticsTransformer, AnalyticsTransformer>()
            .AddSingleton(p =>
                new TransformPlan(
                    p.GetRequiredService<DatasetCatalog>(),
                    p.GetRequiredService<MartCatalog>(),
                    p.GetServices<DataTest>()
                ).Rollups
            )
            .AddSingleton<IHealthCheck>(p => new CalendarHealth(
                p.GetRequiredService<DimensionReader>,
                p.GetRequiredService<SnapshotFinder>,
                p.GetRequiredService<IOptions<CalendarOptions>>()
            ));
}
