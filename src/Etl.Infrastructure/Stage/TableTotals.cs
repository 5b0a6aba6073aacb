using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.Domain.Runs;
using Npgsql;

namespace Etl.Infrastructure.Stage;

/// <summary>What the database says a run's table holds.</summary>
internal static class TableTotals
{
    /// <summary>
    /// The rows of a table that this transaction emptied and filled. It costs no scan, and its figures are looked at again when
    /// the analytics have been computed from the rows themselves.
    /// </summary>
    public static async Task<long> CountFilledAsync(
        NpgsqlConnection connection,
        RunId run,
        Dataset dataset,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(StagingTables.Count(run, dataset), connection);
        command.CommandTimeout = 0;
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>The rows of a published table, and what its quantities and amounts add up to.</summary>
    public static async Task<(long Rows, IReadOnlyList<ColumnSum> Sums)> OfPublishedAsync(
        NpgsqlConnection connection,
        RunId run,
        Dataset dataset,
        CancellationToken cancellationToken
    )
    {
        var columns = ColumnSum.KeptOf(dataset).ToList();
        await using var command = new NpgsqlCommand(StagingTables.Sum(run, dataset, columns), connection);
        command.CommandTimeout = 0;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var sums = columns.Select((c, i) => ColumnSum.Of(dataset, c, reader.GetDecimal(i + 1)));
        return (reader.GetInt64(0), [.. sums]);
    }
}
