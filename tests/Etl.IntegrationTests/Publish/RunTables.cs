using System.Globalization;
using System.Text;
using Etl.Application.Publish;
using Etl.Domain;
using Etl.Domain.Analytics;
using Etl.Domain.Runs;
using Etl.Infrastructure.Transform;
using Etl.IntegrationTests.Ledger;

namespace Etl.IntegrationTests.Publish;

/// <summary>
/// A run's own tables as loader and transformer leave them, small, and with one figure everywhere: whoever reads two
/// different ones has read a mix of runs.
/// </summary>
internal static class RunTables
{
    private static readonly CompositeFormat Staging = CompositeFormat.Parse(
        """
        drop schema if exists {0} cascade;
        create schema {0};
        create table {0}.orders (
          order_id bigint not null, customer_id bigint not null, order_date date not null, product_id bigint not null,
          unit_price numeric(14, 2) not null, quantity integer not null, total_price numeric(14, 2) not null);
        create table {0}.reviews (review smallint not null, product_id bigint not null);
        create table {0}.shipments (
          shipment_id bigint not null, order_id bigint not null, shipment_date date, delivery_date date);
        insert into {0}.orders select n, 1, '2022-09-01', 1, 1, {1}, 1 from generate_series(1, 100) n;
        insert into {0}.reviews select 5, {1} from generate_series(1, 100) n;
        insert into {0}.shipments select n, {1} from generate_series(1, 100) n;
        """
    );

    private static readonly CompositeFormat Attachable = CompositeFormat.Parse(
        """
        do $$ begin execute format('alter table {0}.{1} add column load_id integer not null default %s,
          add constraint of_load check (load_id = %s)', (select max(load_id) from store.loads),
          (select max(load_id) from store.loads)); end $$;
        """
    );

    private static readonly CompositeFormat Candidates = CompositeFormat.Parse(
        """
        insert into {0}.agg_public_holiday select '{2}', {1}, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0;
        insert into {0}.agg_shipments select '{2}', {1}, 0;
        insert into {0}.best_performing_product
          select '{2}', 'p', '2022-09-01', false, {1}, 0, 0, 0, 0, 100, 100, 0;
        insert into {0}.product_performance
          select n, 'p', {1}, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 from generate_series({1}, {1} + 9) n;
        insert into {0}.daily_orders select '2022-09-01', {1}, 0, 0, false;
        insert into {0}.shipment_status select 'late', 'any', {1};
        """
    );

    /// <summary>One statement that reads every figure of every published table: the smallest and the largest.</summary>
    public const string Figures = """
        select least(o.low, r.low, s.low, a.low), greatest(o.high, r.high, s.high, a.high), o.rows
        from (select min(quantity) as low, max(quantity) as high, count(*) as rows from staging.orders) o,
          (select min(product_id) as low, max(product_id) as high from staging.reviews) r,
          (select min(order_id) as low, max(order_id) as high from staging.shipments) s,
          (select min(f) as low, max(f) as high from (
             select tt_order_hol_jan as f from analytics.agg_public_holiday
             union all select tt_late_shipments from analytics.agg_shipments
             union all select tt_review_points from analytics.best_performing_product
             union all select orders from analytics.product_performance
             union all select orders from analytics.daily_orders
             union all select shipments from analytics.shipment_status) u) a
        """;

    public static async Task BuildAsync(this LedgerHost host, RunId run, int figure)
    {
        await host.ExecuteAsync(Format(Staging, run.Schema, figure));
        await host.ExecuteAsync(
            $"insert into store.loads select coalesce(max(load_id), 0) + 1, '{run}' from store.loads"
        );
        foreach (var table in DatasetCatalog.BuiltIn.All.Select(d => d.Name))
        {
            await host.ExecuteAsync(Format(Attachable, run.Schema, table, run));
        }

        foreach (var table in MartFiles.BuiltIn.All)
        {
            await host.ExecuteAsync(
                $"create table {run.Schema}.{table.Name} (like analytics.{table.Name} including all)"
            );
        }

        await host.ExecuteAsync(Format(Candidates, run.Schema, figure, run.BusinessDate));
    }

    /// <summary>A run from begin to finish, published for real.</summary>
    public static async Task<(RunId Run, TimeSpan Held)> PublishAsync(
        this LedgerHost host,
        BusinessDate date,
        int figure,
        bool force = false
    )
    {
        var run = await host.BeginAsync(date, force);
        await host.BuildAsync(run, figure);
        var held = await host.Publisher.PublishAsync(run, default);
        await host.Lease.FinishAsync(run, default);
        return (run, held);
    }

    /// <summary>A rollback from begin to finish.</summary>
    public static async Task<(RunId Run, RollbackPlan Plan)> RollBackAsync(this LedgerHost host, RunId to)
    {
        var run = await host.BeginAsync(to.BusinessDate, force: true);
        var plan = await ((IRollback)host.Publisher).RollBackAsync(run, to, default);
        await host.ExecuteAsync(
            $"update etl.runs set trigger = 'rollback', base_run_id = '{to}' where run_id = '{run}'"
        );
        await host.Lease.FinishAsync(run, default);
        return (run, plan);
    }

    private static string Format(CompositeFormat format, params object[] values) =>
        string.Format(CultureInfo.InvariantCulture, format, values);
}
