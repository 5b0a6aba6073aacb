using Etl.Application.Extract;
using Etl.Application.Runs;
using Etl.Application.Transform;
using Etl.Domain.Analytics;
using Etl.Domain.Datasets;
using Etl.Domain.Orders;
using Etl.Domain.Quality;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Npgsql;

namespace Etl.Infrastructure.Transform;

/// <summary>
/// Computes the analytics by the SQL of this folder: each fact is aggregated once (<c>Facts</c>), products and calendar
/// are put beside the aggregates, and the analytics are read off them (<c>Sql</c>).
/// </summary>
internal sealed class AnalyticsTransformer(
    MartCatalog marts,
    NpgsqlDataSource database,
    RunParameters parameters,
    RunProducts products,
    RunCalendar calendar
) : IAnalyticsTransformer
{
    /// <summary>The passes over all rows, the long one first; two at a time keep the server busy to the end.</summary>
    private static readonly string[] Passes =
    [
        "shipments_by_state",
        "orders_by_product",
        "orders_by_day",
        "reviews_by_product",
    ];

    private static readonly string[] OfPasses = ["shipments_by_product", "best_product", "best_product_days"];

    public Task<IReadOnlyList<ColumnSum>> BuildAsync(
        RunId run,
        DateOnly asOf,
        DimensionFiles dimensions,
        CancellationToken cancellationToken
    ) =>
        database.GuardAsync(
            $"compute the analytics of run {run}",
            () => BuildCoreAsync(run, asOf, dimensions, cancellationToken)
        );

    public Task<IReadOnlyList<DataTestResult>> TestAsync(RunId run, CancellationToken cancellationToken) =>
        database.GuardAsync(
            $"test the analytics of run {run}",
            async () =>
            {
                await using var session = await RunSession.OpenAsync(database, run, cancellationToken);
                var results = new List<DataTestResult>();
                foreach (var test in DataTest.All)
                {
                    var violations = await session.CountAsync(test.CountSql, cancellationToken);
                    results.Add(new DataTestResult(test.Name, test.Severity, violations, test.Meaning));
                }

                return (IReadOnlyList<DataTestResult>)results;
            }
        );

    private async Task<IReadOnlyList<ColumnSum>> BuildCoreAsync(
        RunId run,
        DateOnly asOf,
        DimensionFiles dimensions,
        CancellationToken token
    )
    {
        await using (var session = await RunSession.OpenAsync(database, run, token))
        {
            await DropEarlierAsync(session, token);
            await parameters.WriteAsync(session, run, asOf, dimensions, token);
            await session.CommitAsync(token);
        }

        await Parallel.ForEachAsync(
            Passes,
            new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = token },
            async (name, stop) => await RunAsync(run, $"Intermediate/{name}", stop)
        );

        await using (var session = await RunSession.OpenAsync(database, run, token))
        {
            await products.WriteAsync(session, dimensions, token);
            await calendar.WriteAsync(session, dimensions, token);
            await MakeAsync(session, OfPasses, token);
            await FillCandidatesAsync(session, token);
            var sums = await SumsAsync(session, token);
            await session.CommitAsync(token);
            return sums;
        }
    }

    /// <summary>What the rows of orders add up to, as the pass over them found it.</summary>
    private static async Task<IReadOnlyList<ColumnSum>> SumsAsync(RunSession session, CancellationToken token)
    {
        var columns = ColumnSum.KeptOf(Order.Dataset).ToList();
        var sums = columns.Select(c => $"coalesce(sum({Identifier.Quote(c.Name)}), 0)::numeric");
        await using var command = session.Command($"select {string.Join(", ", sums)} from orders_by_product");
        await using var reader = await command.ExecuteReaderAsync(token);
        await reader.ReadAsync(token);
        return [.. columns.Select((c, i) => ColumnSum.Of(Order.Dataset, c, reader.GetDecimal(i)))];
    }

    private static async Task MakeAsync(RunSession session, string[] facts, CancellationToken cancellationToken)
    {
        foreach (var name in facts)
        {
            await session.ExecuteAsync(Read($"Intermediate/{name}"), cancellationToken);
        }
    }

    private async Task RunAsync(RunId run, string file, CancellationToken cancellationToken)
    {
        await using var session = await RunSession.OpenAsync(database, run, cancellationToken);
        await session.ExecuteAsync(Read(file), cancellationToken);
        await session.CommitAsync(cancellationToken);
    }

    private async Task DropEarlierAsync(RunSession session, CancellationToken cancellationToken)
    {
        string[] tables = ["run", "products", "calendar", .. Passes, .. OfPasses, .. marts.All.Select(t => t.Name)];
        var names = string.Join(", ", tables.Select(Identifier.Quote));
        await session.ExecuteAsync($"drop table if exists {names}", cancellationToken);
    }

    private async Task FillCandidatesAsync(RunSession session, CancellationToken cancellationToken)
    {
        foreach (var table in marts.All)
        {
            var name = Identifier.Quote(table.Name);
            var published = Identifier.Quote("analytics", table.Name);
            await session.ExecuteAsync($"create table {name} (like {published} including all)", cancellationToken);
            await session.ExecuteAsync(Read($"Marts/{table.Name}"), cancellationToken);
        }
    }

    private static string Read(string file) => SqlFile.Read($"Transform/{file}.sql");
}
