using System.Security.Cryptography;
using System.Text;
using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Stage;

public sealed class LoaderTests(PostgresServer server)
{
    private const string Orders = "order_id,customer_id,order_date,product_id,unit_price,quantity,total_price\n";
    private const string Shipments = "shipment_id,order_id,shipment_date,delivery_date\n";
    private const string OrderText =
        "select concat_ws('|', order_id, customer_id, order_date, product_id, unit_price, quantity, total_price)"
        + " from run_20220905_001.orders order by order_id";

    [Fact]
    public async Task Every_extreme_value_arrives_as_it_was_written()
    {
        await using var run = await StagedRun.BeginAsync(server);
        string[] rows =
        [
            "1|1|1900-01-01|1|0.00|1|0.01",
            "2|2|2199-12-31|2|999999999999.99|2147483647|999999999999.99",
            "3|3|2000-01-01|3|0.10|3|1.00",
            "4|4|1999-12-31|4|9999.00|4|10000.00",
            "5|5|2000-02-29|5|10000.01|5|99999999.99",
            "6|6|2024-02-29|6|100000000.00|6|100000000.50",
            "7|7|2022-09-05|7|100000001.00|7|120000.00",
            "9223372036854775807|9223372036854775807|2022-09-05|9223372036854775807|123456789012.34|9|20000.20",
        ];
        var staged = await run.LoadAsync("orders", Orders + string.Join('\n', rows).Replace('|', ','));
        (await run.QueryAsync(OrderText)).ShouldBe(rows);
        staged.RowCounts.ShouldBe(new RowCounts(8, 8, 0));
    }

    [Fact]
    public async Task Every_amount_of_any_shape_equals_what_the_server_reads_from_text()
    {
        await using var run = await StagedRun.BeginAsync(server);
        var random = new Random(1);
        var cents = Enumerable
            .Range(0, 3000)
            .Select(i => i < 2000 ? i * 37L : random.NextInt64(0, Pow10(random.Next(1, 15)) - 1))
            .ToList();
        var text = new StringBuilder(Orders);
        for (var i = 0; i < cents.Count; i++)
        {
            text.Append(
                System.Globalization.CultureInfo.InvariantCulture,
                $"{i + 1},1,2022-01-01,1,{new Money(cents[i])},1,1\n"
            );
        }

        await run.LoadAsync("orders", text.ToString());
        (await run.QueryAsync("select unit_price::text from run_20220905_001.orders order by order_id")).ShouldBe(
            cents.Select(c => new Money(c).ToString())
        );

        // Equal as bytes too, so that indexes, hashes and joins see the same number.
        (
            await run.QueryAsync(
                "select count(*)::text from run_20220905_001.orders where numeric_send(unit_price) <> numeric_send(unit_price::text::numeric(14,2))"
            )
        ).ShouldBe(["0"]);

        static long Pow10(int n) => (long)Math.Pow(10, n);
    }

    [Fact]
    public async Task Null_arrives_as_null_and_stars_as_they_were_given()
    {
        await using var run = await StagedRun.BeginAsync(server);
        await run.LoadAsync("shipments", $"{Shipments}1,10,,\n2,11,2022-01-01,\n3,12,2022-01-01,2022-01-02\n");
        (
            await run.QueryAsync(
                "select shipment_id::text, order_id::text, shipment_date::text, delivery_date::text from run_20220905_001.shipments order by 1"
            )
        ).ShouldBe(["1|10||", "2|11|2022-01-01|", "3|12|2022-01-01|2022-01-02"]);
        await run.LoadAsync("reviews", "product_id,review\n7,1\n7,5\n");
        (
            await run.QueryAsync("select review::text, product_id::text from run_20220905_001.reviews order by 1")
        ).ShouldBe(["1|7", "5|7"]);
    }

    [Fact]
    public async Task Three_files_load_at_once_and_their_row_counts_reconcile()
    {
        await using var run = await StagedRun.BeginAsync(server, source: new MemorySource(pieceSize: 10_000));
        const int Rows = 60_000;
        var orders = Orders + Lines(Rows, i => $"{i},{i % 100 + 1},2022-01-01,{i % 9 + 1},{i}.5,{i},{i}.05");
        var reviews = "review,product_id\n" + Lines(Rows, i => $"{i % 6},{i}");
        var shipments = Shipments + Lines(Rows, i => i % 10 == 0 ? $"{i - 1},{i},," : $"{i},{i},2022-01-01,");
        var staged = await Task.WhenAll(
            run.LoadAsync("orders", orders),
            run.LoadAsync("reviews", reviews),
            run.LoadAsync("shipments", shipments)
        );
        staged
            .Select(s => s.RowCounts)
            .ShouldBe([
                new RowCounts(Rows, Rows, 0),
                new RowCounts(Rows, Rows - (Rows / 6), Rows / 6),
                new RowCounts(Rows, Rows - (Rows / 10), Rows / 10),
            ]);
        staged[0].Sha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(orders))));
        staged[2].RejectsByCode.ShouldBe([new(RejectCode.DuplicateKey, Rows / 10)]);
        (
            await run.QueryAsync("select sum(quantity)::text, sum(unit_price)::text from run_20220905_001.orders")
        ).ShouldBe([$"{(long)Rows * (Rows + 1) / 2}|{((decimal)Rows * (Rows + 1) / 2) + (Rows * 0.5m):0.00}"]);

        static string Lines(int count, Func<int, string> line) =>
            string.Concat(Enumerable.Range(1, count).Select(i => $"{line(i)}\n"));
    }

    [Fact]
    public async Task A_completed_table_is_fit_to_be_attached_without_a_scan()
    {
        CitusCluster.Excludes("the nodes have the statistics and constraints of the rows");
        await using var run = await StagedRun.BeginAsync(server);
        await run.LoadAsync("orders", $"{Orders}1,2,2022-09-05,3,19.99,2,39.98\n");
        await run.LoadAsync("shipments", $"{Shipments}1,10,,\n");
        await LoadNothingAsync(run, "reviews");
        await LoadNothingAsync(run, "sales");
        await run.Loader.CompleteAsync(StagedRun.Id, CancellationToken.None);
        foreach (var dataset in DatasetCatalog.BuiltIn.All)
        {
            await run.ExecuteAsync(
                $"alter table store.{dataset} attach partition run_20220905_001.{dataset} for values in (1)"
            );
        }

        (await run.QueryAsync("select order_id::text, load_id::text from store.orders")).ShouldBe(["1|1"]);
        (
            await run.QueryAsync(
                "select reltuples::bigint::text from pg_class where oid = 'run_20220905_001.orders'::regclass"
            )
        ).ShouldBe(["1"]);
        (await run.QueryAsync("select convalidated::text from pg_constraint where conname like '%_load_id'")).ShouldBe([
            "true",
            "true",
            "true",
            "true",
        ]);
    }

    [Fact]
    public async Task A_file_that_fails_leaves_no_row_of_itself()
    {
        await using var run = await StagedRun.BeginAsync(server);
        run.Source.Changes = true;
        var error = (
            await Should.ThrowAsync<EtlException>(run.LoadAsync("reviews", "review,product_id\n5,7\n9,9\n"))
        ).Error;
        error.Code.ShouldBe(ErrorCode.SourceChanged);
        (await run.QueryAsync("select count(*)::text from run_20220905_001.reviews")).ShouldBe(["0"]);
        (await run.QueryAsync("select count(*)::text from etl.quarantine")).ShouldBe(["0"]);
        run.Source.Changes = false;
        (await run.LoadAsync("reviews", "review,product_id\n5,7\n9,9\n")).RowCounts.ShouldBe(new RowCounts(2, 1, 1));
    }

    [Theory]
    [InlineData(5, "has more now")]
    [InlineData(500, "ended after 22")]
    public async Task A_file_of_another_size_than_the_pinned_one_is_refused(long pinned, string reported)
    {
        await using var run = await StagedRun.BeginAsync(server);
        var file = run.Source.Add("reviews.csv", "review,product_id\n5,7\n"u8.ToArray(), pinned);
        var load = run.Loader.LoadAsync(
            StagedRun.Id,
            DatasetCatalog.BuiltIn.Named("reviews"),
            [file],
            null,
            CancellationToken.None
        );
        var error = (await Should.ThrowAsync<EtlException>(load)).Error;
        error.Code.ShouldBe(ErrorCode.SourceChanged);
        error.Message.ShouldContain(reported);
    }

    [Fact]
    public async Task A_file_that_may_be_missing_loads_nothing()
    {
        await using var run = await StagedRun.BeginAsync(server);
        var staged = await LoadNothingAsync(run, "reviews");
        staged.Uri.ShouldBeEmpty();
        staged.RowCounts.ShouldBe(default);
    }

    private static async Task<StagedFile> LoadNothingAsync(StagedRun run, string dataset) =>
        (
            await run.Loader.LoadAsync(
                StagedRun.Id,
                StagedRun.Datasets.Named(dataset),
                [],
                null,
                CancellationToken.None
            )
        ).Single();

    [Fact]
    public async Task A_wrong_header_stops_the_load_and_the_connection_stays_good()
    {
        await using var run = await StagedRun.BeginAsync(server);
        for (var i = 0; i < 20; i++)
        {
            (await Should.ThrowAsync<EtlException>(run.LoadAsync("reviews", "a,b\n1,2\n"))).Error.Code.ShouldBe(
                ErrorCode.SourceHeader
            );
        }

        (await run.LoadAsync("reviews", "review,product_id\n5,7\n")).RowCounts.Loaded.ShouldBe(1);
    }

    [Fact]
    public async Task Preparing_again_drops_what_an_earlier_attempt_left()
    {
        await using var run = await StagedRun.BeginAsync(server);
        await run.LoadAsync("reviews", "review,product_id\n5,7\n9,9\n");
        await run.Loader.PrepareAsync(StagedRun.Id, CancellationToken.None);
        (await run.QueryAsync("select count(*)::text from run_20220905_001.reviews")).ShouldBe(["0"]);
        (
            await run.QueryAsync(
                "select (select count(*) from etl.quarantine)::text, (select count(*) from etl.reject_counts)::text"
            )
        ).ShouldBe(["0|0"]);
    }

    [Fact]
    public async Task A_load_without_its_tables_names_what_is_missing()
    {
        await using var run = await StagedRun.BeginAsync(server);
        await run.ExecuteAsync("drop schema run_20220905_001 cascade");
        var error = (await Should.ThrowAsync<EtlException>(run.LoadAsync("reviews", "review,product_id\n5,7\n"))).Error;
        error.Code.ShouldBe(ErrorCode.Database);
        error.Message.ShouldStartWith("Could not load reviews");
    }
}
