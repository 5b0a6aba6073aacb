using System.Data;
using Etl.Application.Export;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Etl.Infrastructure.Export;

/// <summary>Opens the published tables in one read-only repeatable-read transaction.</summary>
internal sealed class AnalyticsReader(NpgsqlDataSource database, IOptions<SchemaOptions> schemas) : IAnalyticsReader
{
    public Task<IAnalyticsSnapshot> OpenAsync(RunId run, CancellationToken cancellationToken) =>
        database.GuardAsync($"read the analytics of run {run}", () => OpenCoreAsync(cancellationToken));

    private async Task<IAnalyticsSnapshot> OpenCoreAsync(CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
            await using var readOnly = new NpgsqlCommand("set transaction read only", connection, transaction);
            await readOnly.ExecuteNonQueryAsync(cancellationToken);
            return new AnalyticsSnapshot(database, connection, transaction, schemas.Value);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
