using System.Diagnostics;
using System.Globalization;
using DuckDB.NET.Data;

namespace Etl.Benchmarks;

/// <summary>
/// Reads the files of a folder into DuckDB's memory and computes the figures of a run that need a pass over rows. Nothing is
/// checked, stored or published: the limit of an engine that works in columns, in one process. Prints one figure of each
/// table, the seconds, and the peak memory.
/// </summary>
internal static class DuckDb
{
    private static readonly string[] Statements =
    [
        "create table orders as select * from read_csv('{0}/orders.csv', header = true)",
        "create table reviews as select * from read_csv('{0}/reviews.csv', header = true)",
        "create table shipments as select * from read_csv('{0}/shipment_deliveries.csv', header = true)",
        """
            create table daily_orders as
            select order_date, count(*) as orders, sum(quantity) as quantity, sum(total_price) as revenue from orders group by order_date
            """,
        """
            create table orders_by_product as
            select product_id, count(*) as orders, sum(quantity) as quantity, sum(total_price) as revenue from orders group by product_id
            """,
        """
            create table reviews_by_product as
            select product_id, count(*) as reviews, sum(review) as points, count(*) filter (where review = 1) as one,
              count(*) filter (where review = 2) as two, count(*) filter (where review = 3) as three,
              count(*) filter (where review = 4) as four, count(*) filter (where review = 5) as five
            from reviews group by product_id
            """,
        """
            create table best_product_days as
            select order_date, count(*) as orders, sum(quantity) as quantity
            from orders
            where product_id = (
              select product_id from reviews_by_product join orders_by_product using (product_id)
              order by points desc, reviews desc, product_id limit 1
            )
            group by order_date
            """,
        """
            create table shipment_facts as
            select
              o.product_id, s.delivery_date is not null as delivered, s.shipment_date is not null as shipped,
              coalesce(s.delivery_date is null and s.shipment_date >= o.order_date + 6, false) as late,
              coalesce(s.shipment_date is null and s.delivery_date is null and date '{1}' - o.order_date >= 15, false) as undelivered,
              coalesce(s.delivery_date, date '{1}') - o.order_date > 30 as over_30,
              coalesce(s.delivery_date, date '{1}') - o.order_date > 90 as over_90,
              count(*) as shipments
            from shipments as s left join orders as o using (order_id)
            group by all
            """,
    ];

    private const string Figures = """
        select (select sum(orders) from daily_orders), (select sum(shipments) from shipment_facts where late),
          (select sum(shipments) from shipment_facts where undelivered), (select sum(reviews) from reviews_by_product),
          (select cast(sum(revenue) as decimal(20, 2)) from orders_by_product)
        """;

    public static int Run(string folder, string asOf)
    {
        var watch = Stopwatch.StartNew();
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        foreach (var statement in Statements)
        {
            command.CommandText = string.Format(CultureInfo.InvariantCulture, statement, folder, asOf);
            command.ExecuteNonQuery();
        }

        command.CommandText = Figures;
        using var reader = command.ExecuteReader();
        reader.Read();
        var figures = Enumerable
            .Range(0, reader.FieldCount)
            .Select(i => Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture));
        using var self = Process.GetCurrentProcess();
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"orders, late, undelivered, reviews, revenue: {string.Join(' ', figures)} total_s {watch.Elapsed.TotalSeconds:0.00} "
                    + $"rss_mb {self.PeakWorkingSet64 / 1048576}"
            )
        );
        return 0;
    }
}
