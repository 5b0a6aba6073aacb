using Etl.Application.Operations;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Infrastructure.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Etl.Infrastructure.Ledger;

/// <summary>The ledger's six ports and its health checks.</summary>
internal static class LedgerServices
{
    public static IServiceCollection AddLedger(this IServiceCollection services) =>
        services
            .AddSingleton<LeaseOwner>()
            .AddSingleton<LeasedRuns>()
            .AddSingleton<LedgerMigrations>()
            .AddSingleton<WarehouseTables>()
            .AddSingleton<ILedgerMigrations>(p => new WarehouseMigrations(
                p.GetRequiredService<LedgerMigrations>(),
                p.GetRequiredService<NpgsqlDataSource>(),
                p.GetRequiredService<WarehouseTables>()
            ))
            .AddSingleton(p => new DatabaseSetup(
                p.GetRequiredService<IOptions<PostgresOptions>>(),
                p.GetRequiredService<IOptions<SchemaOptions>>(),
                p.GetRequiredService<ILedgerMigrations>(),
                p.GetRequiredService<TimeProvider>(),
                p.GetRequiredService<ILoggerFactory>()
            ))
            .AddSingleton<ILedgerConnection, LedgerConnection>()
            .AddSingleton<IRunLease, RunLease>()
            .AddSingleton<IRunJournal, RunJournal>()
            .AddSingleton<IOutbox, LedgerOutbox>()
            .AddSingleton<IRunHistory, RunHistoryReader>()
            .AddSingleton<IHealthCheck>(p => new SchemaHealth(
                p.GetRequiredService<NpgsqlDataSource>,
                p.GetRequiredService<ILedgerMigrations>,
                p.GetRequiredService<IOptions<RunOptions>>(),
                p.GetRequiredService<IOptions<SchemaOptions>>()
            ))
            .AddSingleton<IHealthCheck>(p => new DdlHealth(
                p.GetRequiredService<NpgsqlDataSource>,
                p.GetRequiredService<IDistribution>(),
                p.GetRequiredService<DatasetCatalog>(),
                p.GetRequiredService<IOptions<SchemaOptions>>()
            ))
            .AddSingleton<IHealthCheck>(p => new LastRunHealth(p.GetRequiredService<NpgsqlDataSource>));
}
