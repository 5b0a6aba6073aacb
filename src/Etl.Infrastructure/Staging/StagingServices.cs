using Etl.Application.Ports;
using Microsoft.Extensions.DependencyInjection;

namespace Etl.Infrastructure.Staging;

/// <summary>Reading, checking and loading of the snapshots.</summary>
internal static class StagingServices
{
    public static IServiceCollection AddStaging(this IServiceCollection services) =>
        services
            .AddSingleton<IStagingLoader, StagingLoader>()
            .AddSingleton<ISourceChecker, SourceChecker>()
            .AddSingleton<IQuarantine, QuarantineReader>();
}
