using Etl.Application.Operations;
using Etl.Application.Options;
using Etl.Domain;
using Etl.Infrastructure.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Etl.Infrastructure.Postgres;

/// <summary>The connection pool of the destination, shared by all adapters, and its health checks.</summary>
internal static class PostgresServices
{
    public static IServiceCollection AddPostgres(
        this IServiceCollection services,
        IConfiguration etl,
        IamTokenProvider iamToken
    ) =>
        services
            .AddSettings<PostgresOptions, PostgresOptionsValidator>(etl, "Postgres")
            .AddSettings<SchemaOptions, SchemaOptionsValidator>(etl, "Postgres:Schemas")
            .AddSingleton(p =>
                PostgresDataSource.Open(p.GetRequiredService<IOptions<PostgresOptions>>().Value, iamToken)
            )
            .AddSingleton(p =>
                DistributionOf(
                    p.GetRequiredService<IOptions<PostgresOptions>>().Value.Distribution,
                    p.GetRequiredService<DatasetCatalog>(),
                    p.GetRequiredService<IOptions<SchemaOptions>>().Value,
                    () =>
                        new CitusNodes(
                            p.GetRequiredService<IOptions<PostgresOptions>>().Value,
                            iamToken,
                            p.GetRequiredService<ILogger<CitusNodes>>()
                        )
                )
            )
            .AddSingleton<IHealthCheck>(p => new DatabaseHealth(
                p.GetRequiredService<IOptions<PostgresOptions>>(),
                p.GetRequiredService<IOptions<RunOptions>>(),
                p.GetRequiredService<IDistribution>(),
                p.GetRequiredService<NpgsqlDataSource>
            ))
            .AddSingleton<IHealthCheck>(p => new ClockHealth(
                p.GetRequiredService<NpgsqlDataSource>,
                p.GetRequiredService<TimeProvider>()
            ));

    private static IDistribution DistributionOf(
        DistributionKind kind,
        DatasetCatalog datasets,
        SchemaOptions schemas,
        Func<CitusNodes> nodes
    ) =>
        kind switch
        {
            DistributionKind.Citus => new CitusDistribution(datasets, schemas, nodes()),
            _ => new NoDistribution(schemas),
        };
}

/// <summary>The pool's idle connections.</summary>
public static class IdleConnections
{
    /// <summary>
    /// Closes the idle connections. A host that is frozen between two runs cannot keep them alive, and they count against the
    /// server's limit.
    /// </summary>
    public static void CloseIdleConnections(this IServiceProvider services)
    {
        services.GetRequiredService<NpgsqlDataSource>().Clear();
        services.GetRequiredService<IDistribution>().CloseIdleConnections();
    }
}
