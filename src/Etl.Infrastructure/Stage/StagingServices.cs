using Etl.Application.Operations;
using Etl.Application.Stage;
using Etl.Domain;
using Etl.Infrastructure.Ledger;
using Etl.Infrastructure.Postgres;
using Etl.Infrastructure.Settings;
using Etl.Infrastructure.Stage.Quarantine;
using Etl.Infrastructure.Stage.Suggest;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Etl.Infrastructure.Stage;

/// <summary>Reading, checking and loading of the snapshots.</summary>
internal static class StagingServices
{
    public static IServiceCollection AddStaging(this IServiceCollection services, IConfiguration etl) =>
        services
            .AddSettings<LoaderOptions, LoaderOptionsValidator>(etl, "Loaders")
            .AddSingleton<ILoaderRequest, BucketLoaderRequest>()
            .AddSingleton(services =>
                LoadStreams.Of(
                    services.GetRequiredService<IOptions<PostgresOptions>>().Value,
                    services.GetRequiredService<NpgsqlDataSource>(),
                    services.GetRequiredService<DatasetCatalog>(),
                    services.GetRequiredService<LeaseOwner>()
                )
            )
            .AddSingleton<SharedParts>()
            .AddSingleton<IPartLoader>(services => services.GetRequiredService<SharedParts>())
            .AddSingleton<IStagingLoader, StagingLoader>()
            .AddSingleton<ISourceChecker, SourceChecker>()
            .AddSingleton<IFormatSuggester, FormatSuggester>()
            .AddSingleton<IQuarantine, QuarantineReader>();
}
