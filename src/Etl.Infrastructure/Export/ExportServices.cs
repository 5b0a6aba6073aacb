using Etl.Application.Export;
using Microsoft.Extensions.DependencyInjection;

namespace Etl.Infrastructure.Export;

internal static class ExportServices
{
    public static IServiceCollection AddExport(this IServiceCollection services) =>
        services.AddSingleton<IAnalyticsReader, AnalyticsReader>();
}
