using Etl.Application.Errors;
using Etl.Application.Operations;
using Etl.Domain;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Etl.Infrastructure.Ledger;

/// <summary>
/// Tries the statements of a run that change schemas, in a transaction that is rolled back: an event trigger or a privilege
/// can refuse them.
/// </summary>
internal sealed class DdlHealth(
    Func<NpgsqlDataSource> open,
    IDistribution distribution,
    DatasetCatalog datasets,
    IOptions<SchemaOptions> schemas
) : IHealthCheck
{
    private const string Trial = "etl_trial";
    private const string Unused = "-1";
    private const string Exists = "select to_regclass($1) is not null";

    public string Name => "DDL";

    public string Needs => "schema";

    public CheckDepth Depth => CheckDepth.Trial;

    public ErrorCode Cause => ErrorCode.Database;

    public Task<HealthCheckResult> CheckAsync(BusinessDate date, CancellationToken cancellationToken)
    {
        var database = open();
        return database.GuardAsync(
            "create a schema and attach a table, as a run does",
            () => CheckAsync(database, cancellationToken)
        );
    }

    private async Task<HealthCheckResult> CheckAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteSqlAsync(
            string.Join("; ", distribution.LockTimeout.Append($"create schema {Trial}")),
            cancellationToken
        );
        foreach (var dataset in datasets.All)
        {
            var table = Identifier.Quote(Trial, dataset.Name);
            var parent = Identifier.Quote(schemas.Value.Store, dataset.Name);
            if (await connection.ReadValueAsync<bool>(Exists, [parent], cancellationToken))
            {
                await connection.ExecuteSqlAsync(
                    $"create table {table} (like {parent}); "
                        + $"alter table {parent} attach partition {table} for values in ({Unused})",
                    cancellationToken
                );
            }
            else
            {
                var columns = string.Join(", ", dataset.Columns.Select(WarehouseTables.Definition));
                await connection.ExecuteSqlAsync($"create table {table} ({columns})", cancellationToken);
            }
        }

        await connection.ExecuteSqlAsync($"drop schema {Trial} cascade", cancellationToken);
        await transaction.RollbackAsync(cancellationToken);
        return HealthCheckResult.Ok("schemas and tables can be created and attached; the trial was rolled back");
    }
}
