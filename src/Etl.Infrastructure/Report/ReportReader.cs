using System.Data;
using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;
using Etl.Infrastructure.Ledger;
using Etl.Infrastructure.Postgres;
using Npgsql;

namespace Etl.Infrastructure.Report;

/// <summary>
/// Reads a report's figures in one round trip and one repeatable-read transaction. The size of the answers is bounded,
/// whatever the size of the tables.
/// </summary>
internal sealed class ReportReader(
    NpgsqlDataSource database,
    IRunHistory runs,
    AnalyticsOptions analytics,
    SchemaOptions schemas
)
{
    public const int MaxDays = 366;
    public const int MaxMonths = 120;
    public const int MaxRuns = 30;
    public const int MaxProducts = 10;

    /// <exception cref="EtlException">The run is not in the ledger, or the database reported an error.</exception>
    public async Task<ReportData> ReadAsync(
        RunId run,
        IReadOnlyList<RunWarning> warnings,
        CancellationToken cancellationToken
    )
    {
        var history =
            await runs.FindAsync(run, cancellationToken)
            ?? throw new EtlException(
                ErrorCode.Usage,
                $"The ledger has no run {run}.",
                "List the run ids with `etl runs`."
            );
        return await database.GuardAsync(
            "read the figures of the report",
            () => ReadAsync(history, warnings, cancellationToken)
        );
    }

    private async Task<ReportData> ReadAsync(
        RunHistory history,
        IReadOnlyList<RunWarning> warnings,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(
            IsolationLevel.RepeatableRead,
            cancellationToken
        );
        await using var batch = new NpgsqlBatch(connection, transaction);
        // Unqualified names mean the analytics tables.
        var path = $"set local search_path = {Identifier.Quote(schemas.Analytics)}";
        batch.BatchCommands.Add(new NpgsqlBatchCommand(path));
        foreach (var query in Queries(history.Run))
        {
            batch.BatchCommands.Add(SqlCommands.Statement(query));
        }

        await using var rows = await batch.ExecuteReaderAsync(cancellationToken);
        return new ReportData(
            history,
            warnings,
            await NextAsync(ReportRows.Reject),
            await NextAsync(ReportRows.Past),
            (await NextAsync(row => RunId.Parse(row.Text("run_id")))) is [var published] ? published : null,
            await NextAsync(ReportRows.Day),
            await NextAsync(ReportRows.OrderDay),
            await NextAsync(ReportRows.OrderMonth),
            await NextAsync(ReportRows.Shipments),
            await NextAsync(ReportRows.Product),
            (await NextAsync(row => row.Count("products")))[0]
        );

        async Task<List<T>> NextAsync<T>(Func<NpgsqlDataReader, T> read)
        {
            var answer = new List<T>();
            while (await rows.ReadAsync(cancellationToken))
            {
                answer.Add(read(rows));
            }

            await rows.NextResultAsync(cancellationToken);
            return answer;
        }
    }

    /// <summary>In the order in which they are answered.</summary>
    private IEnumerable<FormattableString> Queries(Run run)
    {
        yield return $"""
            select dataset, code, sum(rows)::bigint as rows from etl.reject_counts
            where run_id = {run.RunId} group by dataset, code order by dataset, code
            """;
        yield return $"""
            select * from (
              select r.*, f.orders, f.loaded, f.rejected from etl.runs as r
              cross join lateral (
                select
                  coalesce(sum(loaded) filter (where dataset = 'orders'), 0)::bigint as orders,
                  coalesce(sum(loaded), 0)::bigint as loaded,
                  coalesce(sum(rejected), 0)::bigint as rejected
                from etl.run_files where run_files.run_id = r.run_id
              ) as f
              where (r.business_date, r.number) <= ({run.BusinessDate}, {run.Number})
              order by r.business_date desc, r.number desc limit {MaxRuns}
            ) as past order by business_date, number
            """;
        yield return $"""
            select run_id from etl.runs where published_at is not null order by published_at desc limit 1
            """;
        yield return $"""
            select * from (
              select * from agg_public_holiday
              left join agg_shipments using (ingestion_date)
              left join best_performing_product using (ingestion_date)
              where ingestion_date <= {run.BusinessDate}
              order by ingestion_date desc limit {MaxRuns}
            ) as days order by ingestion_date
            """;
        yield return $"""
            select * from (
              select order_date, orders, revenue, is_public_holiday from daily_orders
              where order_date <= {run.AsOf}
                and order_date > (select max(order_date) from daily_orders where order_date <= {run.AsOf})
                  - {MaxDays}
              order by order_date desc limit {MaxDays}
            ) as days order by order_date
            """;
        yield return $"""
            select * from (
              select date_trunc('month', order_date)::date as month, sum(orders)::bigint as orders, sum(revenue) as revenue
              from daily_orders where order_date <= {run.AsOf}
              group by 1 order by 1 desc limit {MaxMonths}
            ) as months order by month
            """;
        yield return $"select status, age, shipments from shipment_status";
        yield return $"""
            select * from product_performance
            order by
              case when {analytics.RankBy == RankBy.Count} then reviews else review_points end desc,
              case when {analytics.RankBy == RankBy.Count} then review_points else reviews end desc,
              product_id
            limit {MaxProducts}
            """;
        yield return $"select count(*) as products from product_performance";
    }
}
