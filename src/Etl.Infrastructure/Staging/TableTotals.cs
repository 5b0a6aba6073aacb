using Etl.Domain.Quality;
using Etl.Domain.Rows;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Npgsql;

namespace Etl.Infrastructure.Staging;

/// <summary>What the database says a table holds: its rows, and the sums of its quantities and amounts.</summary>
/// <param name="Rows">How many rows.</param>
/// <param name="Sums">The sums, in the columns' order; money in hundredths.</param>
internal sealed record TableTotals(long Rows, IReadOnlyList<Int128> Sums)
{
    public static TableTotals None(Dataset dataset) => new(0, [.. Summed(dataset).Select(_ => Int128.Zero)]);

    /// <summary>The totals of a published table.</summary>
    public static Task<TableTotals> OfPublishedAsync(
        NpgsqlConnection connection,
        RunId run,
        Dataset dataset,
        CancellationToken cancellationToken
    ) => ReadAsync(connection, dataset, Scan(run, dataset), cancellationToken);

    /// <summary>
    /// The totals of a table that this transaction emptied and filled. Only where there is something to add up does it cost
    /// a scan.
    /// </summary>
    public static Task<TableTotals> OfFilledAsync(
        NpgsqlConnection connection,
        RunId run,
        Dataset dataset,
        CancellationToken cancellationToken
    ) =>
        ReadAsync(
            connection,
            dataset,
            Summed(dataset).Any() ? Scan(run, dataset) : StagingTables.Count(run, dataset),
            cancellationToken
        );

    private static async Task<TableTotals> ReadAsync(
        NpgsqlConnection connection,
        Dataset dataset,
        string sql,
        CancellationToken cancellationToken
    )
    {
        var columns = Summed(dataset).ToList();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new TableTotals(reader.GetInt64(0), [.. columns.Select((c, i) => Whole(c, reader.GetDecimal(i + 1)))]);
    }

    /// <summary>These totals, as the database gives them, beside the ones that they should be.</summary>
    public IReadOnlyList<ColumnSum> Beside(Dataset dataset, IEnumerable<Int128> accepted) =>
        [.. Summed(dataset).Zip(accepted, Sums).Select(s => new ColumnSum(s.First, s.Second, s.Third))];

    /// <summary>Compiling to machine code costs more than a few sums save.</summary>
    private static string Scan(RunId run, Dataset dataset)
    {
        var sums = Summed(dataset).Select(c => $", coalesce(sum({Identifier.Quote(c.Name)}), 0)::numeric");
        return $"set local jit = off; select count(*){string.Concat(sums)} from {StagingTables.Name(run, dataset)}";
    }

    private static IEnumerable<Column> Summed(Dataset dataset) => dataset.Columns.Where(ColumnSum.IsKeptOf);

    private static Int128 Whole(Column column, decimal sum) =>
        (Int128)(column.Kind == FieldKind.Money ? sum * 100 : sum);
}
