using Etl.Application.Extract;
using Etl.Application.Operations;
using Etl.Application.Options;
using Etl.Application.Transform;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Etl.Infrastructure.Transform;

internal static class TransformServices
{
    public static IServiceCollection AddTransform(this IServiceCollection services)
    {
        services.TryAddSingleton(_ => MartFiles.BuiltIn); // a host with marts of its own registers another catalog
        return services
            .AddSingleton<DimensionReader>()
            .AddSingleton<IDimensionChecker, DimensionChecker>()
            .AddSingleton<RunParameters>()
            .AddSingleton<RunProducts>()
            .AddSingleton<RunCalendar>()
            .AddSingleton<IAnalyticsTransformer, AnalyticsTransformer>()
            .AddSingleton<IHealthCheck>(p => new CalendarHealth(
                p.GetRequiredService<ISourceStore>,
                p.GetRequiredService<IOptions<CalendarOptions>>()
            ));
    }
}
