using Etl.Application.Operations;
using Etl.Application.Options;
using Etl.Application.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Etl.Infrastructure.Ledger;

/// <summary>The ledger and its lease.</summary>
internal static class LedgerServices
{
    public static IServiceCollection AddLedger(this IServiceCollection services) =>
        services
            .AddSingleton<LeaseOwner>()
            .AddSingleton<RunLedger>()
            .AddSingleton<ILedgerMigrations>(p => p.GetRequiredService<RunLedger>())
            .AddSingleton<IRunLease>(p => p.GetRequiredService<RunLedger>())
            .AddSingleton<IRunJournal>(p => p.GetRequiredService<RunLedger>())
            .AddSingleton<IOutbox>(p => p.GetRequiredService<RunLedger>())
            .AddSingleton<IRunHistory>(p => p.GetRequiredService<RunLedger>())
            .AddSingleton<IHealthCheck>(p => new SchemaHealth(
                p.GetRequiredService<NpgsqlDataSource>,
                p.GetRequiredService<IOptions<RunOptions>>()
            ))
            .AddSingleton<IHealthCheck>(p => new LastRunHealth(p.GetRequiredService<NpgsqlDataSource>));
}
