using Etl.Application.Extract;
using Etl.Application.Operations;
using Etl.Application.Options;
using Etl.Application.Transform;
using Etl.Domain;
using Etl.Domain.Analytics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Etl.Infrastructure.Transform;

internal static class TransformServices
{
    public static IServiceCollection AddTransform(this IServiceCollection services)
    {
        // A host with marts of its own has registered another catalog.
        services.TryAddSingleton(MartFiles.BuiltIn);
        var catalog = services.Last(s => s.ServiceType == typeof(MartCatalog));
        var described = (MartCatalog)catalog.ImplementationInstance!;
        services.Remove(catalog);
        return services
            .AddSingleton(p => described.For(p.GetRequiredService<DatasetCatalog>()))
            .AddSingleton<DimensionReader>()
            .AddSingleton<IDimensionChecker, DimensionChecker>()
            .AddSingleton<RunParameters>()
            .AddSingleton<RunProducts>()
            .AddSingleton<RunCalendar>()
            .AddSingleton<IAnalyticsTransformer, AnalyticsTransformer>()
            .AddSingleton<IHealthCheck>(p => new CalendarHealth(
                p.GetRequiredService<DimensionReader>,
                p.GetRequiredService<SnapshotFinder>,
                p.GetRequiredService<IOptions<CalendarOptions>>()
            ));
    }
}
