using Etl.Application.Notify;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Infrastructure.Ledger;
using Etl.Infrastructure.Postgres;
using Npgsql;

namespace Etl.Infrastructure.Report;

/// <summary>
/// Reads the figures of two runs from the analytics tables in their own schemas, with one statement and in one round trip. The
/// schema of the run before is dropped by a later start only, so its tables are usually there.
/// </summary>
internal sealed class FigureReader(NpgsqlDataSource database) : IFigureReader
{
    private static readonly string Sql = SqlFile.Read("Report/figures.sql");

    public Task<BusinessFigures?> ReadAsync(RunId run, RunId? before, CancellationToken cancellationToken) =>
        database.GuardAsync(
            "read the figures of the message",
            async () =>
                before is { } other && await TryAsync([run, other], cancellationToken) is [var now, var then]
                    ? Compare(now, then, other)
                : await TryAsync([run], cancellationToken) is [var alone] ? Compare(alone, null, null)
                : null
        );

    /// <returns>The figures by run; null if a run has no such tables.</returns>
    private async Task<List<RunFigures>?> TryAsync(IReadOnlyList<RunId> runs, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var run in runs)
        {
            batch.BatchCommands.Add(new($"set local search_path = {Identifier.Quote(run.Schema)}"));
            batch.BatchCommands.Add(new(Sql));
        }

        try
        {
            await using var row = await batch.ExecuteReaderAsync(cancellationToken);
            var figures = new List<RunFigures>();
            do
            {
                await row.ReadAsync(cancellationToken);
                figures.Add(Read(row));
            } while (await row.NextResultAsync(cancellationToken));

            return figures;
        }
        catch (PostgresException exception)
            when (exception.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn)
        {
            return null;
        }
    }

    private static BusinessFigures Compare(RunFigures now, RunFigures? before, RunId? since) =>
        new(
            since?.ToString(),
            new Figure(now.Late, now.Late - before?.Late),
            new Figure(now.Undelivered, now.Undelivered - before?.Undelivered),
            new Figure(now.HolidayOrders, now.HolidayOrders - before?.HolidayOrders),
            new BestProductFigure(now.BestProduct, before?.BestProduct),
            new RevenueFigure(now.RevenueDays, now.RevenueUntil, now.Revenue, now.Revenue - before?.Revenue),
            now.Absent
        );

    private static RunFigures Read(NpgsqlDataReader row) =>
        new(
            row["tt_late_shipments"] as int?,
            row["tt_undelivered_items"] as int?,
            row["holiday_orders"] as int?,
            row.TextOrNull("product_name"),
            row.GetInt32(row.GetOrdinal("revenue_days")),
            row.IsDBNull(row.GetOrdinal("revenue_until")) ? null : row.Day("revenue_until"),
            row.GetDecimal(row.GetOrdinal("revenue")),
            row.GetFieldValue<string[]>(row.GetOrdinal("absent"))
        );

    private sealed record RunFigures(
        int? Late,
        int? Undelivered,
        int? HolidayOrders,
        string? BestProduct,
        int RevenueDays,
        DateOnly? RevenueUntil,
        decimal Revenue,
        IReadOnlyList<string> Absent
    );
}
