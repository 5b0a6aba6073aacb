using Etl.Application.Ports;
using Microsoft.Extensions.DependencyInjection;

namespace Etl.Infrastructure.Transform;

internal static class TransformServices
{
    public static IServiceCollection AddTransform(this IServiceCollection services) =>
        services
            .AddSingleton<DimensionReader>()
            .AddSingleton<RunParameters>()
            .AddSingleton<RunProducts>()
            .AddSingleton<RunCalendar>()
            .AddSingleton<IAnalyticsTransformer, AnalyticsTransformer>();
}
