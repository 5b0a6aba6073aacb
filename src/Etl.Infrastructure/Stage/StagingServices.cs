using Etl.Application.Operations;
using Etl.Application.Stage;
using Etl.Domain;
using Etl.Infrastructure.Stage.Quarantine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Etl.Infrastructure.Stage;

/// <summary>Reading, checking and loading of the snapshots.</summary>
internal static class StagingServices
{
    public static IServiceCollection AddStaging(this IServiceCollection services)
    {
        services.TryAddSingleton(DatasetCatalog.BuiltIn); // a host with datasets of its own registers another catalog
        return services
            .AddSingleton<IStagingLoader, StagingLoader>()
            .AddSingleton<ISourceChecker, SourceChecker>()
            .AddSingleton<IQuarantine, QuarantineReader>();
    }
}
