using Etl.Application.Operations;
using Etl.Domain;
using Etl.Domain.Analytics;
using Etl.Infrastructure.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;

namespace Etl.Infrastructure.Extensions;

/// <summary>Registers the extensions.</summary>
internal static class ExtensionServices
{
    public static IServiceCollection AddExtensions(
        this IServiceCollection services,
        IConfiguration etl,
        LoadedExtensions extensions
    )
    {
        services
            .AddSettings<ExtensionOptions>(etl, "Extensions")
            .Replace(ServiceDescriptor.Singleton(extensions.Files));
        foreach (var test in extensions.Tests)
        {
            services.AddSingleton(test);
        }

        return extensions.Files.All.Count == 0
            ? services
            : services.AddSingleton<IHealthCheck>(p => new ExtensionHealth(
                extensions,
                p.GetRequiredService<DatasetCatalog>(),
                p.GetRequiredService<MartCatalog>(),
                p.GetRequiredService<NpgsqlDataSource>
            ));
    }
}
