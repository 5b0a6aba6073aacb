using System.Text;
using Etl.Application.Options;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Stage;

public sealed class QuarantineTests(PostgresServer server)
{
    private const string Header = "review,product_id,note\n";

    [Fact]
    public async Task A_rejected_row_is_stored_with_what_is_needed_to_find_and_correct_it()
    {
        await using var run = await StagedRun.BeginAsync(server);
        byte[] bytes = [.. "review,note,product_id\r\n5,,7\r\n9,a,7\r\n5,,7\xC3\r\n"u8[..^4], 0xFF, .. "\r\n5\r\n"u8];
        var staged = await run.LoadAsync("reviews", bytes);
        staged.RowCounts.ShouldBe(new RowCounts(4, 1, 3));
        var kept = await run.QueryAsync(
            """
            select run_id, dataset, part, version, line::text, byte_offset::text, column_name, code, message, encode(raw, 'hex')
            from etl.quarantine order by byte_offset
            """
        );
        kept.ShouldBe([
            "20220905-001|reviews|reviews.csv|v1|3|30|review|out_of_range|review is '9', expected a whole number from 1 to 5|"
                + Hex("9,a,7"),
            "20220905-001|reviews|reviews.csv|v1|4|37|product_id|bad_utf8|product_id has bytes that are not UTF-8: '\\xFF'|"
                + Hex("5,,7")
                + "ff",
            "20220905-001|reviews|reviews.csv|v1|5|44||field_count|the row has 1 field where the header has 3|"
                + Hex("5"),
        ]);
        (await run.QueryAsync("select dataset, code, rows::text from etl.reject_counts order by code")).ShouldBe([
            "reviews|bad_utf8|1",
            "reviews|field_count|1",
            "reviews|out_of_range|1",
        ]);
    }

    [Fact]
    public async Task Beyond_the_cap_the_first_rows_of_each_file_are_kept_and_all_are_counted()
    {
        await using var run = await StagedRun.BeginAsync(server, new QualityOptions { MaxKeptRejects = 7 });
        var rows = string.Concat(Enumerable.Repeat("9,9,\n", 20));
        await Task.WhenAll(
            run.LoadAsync("reviews", Header + rows),
            run.LoadAsync("shipments", "shipment_id,order_id,shipment_date,delivery_date\n" + rows)
        );
        (
            await run.QueryAsync(
                "select dataset, string_agg(line::text, ' ' order by line) from etl.quarantine group by dataset order by 1"
            )
        ).ShouldBe(["reviews|2 3 4 5 6 7 8", "shipments|2 3 4 5 6 7 8"]);
        (await run.QueryAsync("select sum(rows)::text from etl.reject_counts")).ShouldBe(["40"]);
    }

    [Fact]
    public async Task Many_large_rejects_go_ahead_in_batches()
    {
        await using var run = await StagedRun.BeginAsync(server);
        var note = new string('n', 20_000);
        var rows = string.Concat(Enumerable.Range(1, 400).Select(i => $"9,{i},{note}\n5,{i},\n"));
        var staged = await run.LoadAsync("reviews", Header + rows);
        staged.RowCounts.ShouldBe(new RowCounts(800, 400, 400));
        (
            await run.QueryAsync("select count(*)::text, min(length(raw))::text, max(line)::text from etl.quarantine")
        ).ShouldBe(["400|20004|800"]);
    }

    [Fact]
    public async Task Text_that_the_database_cannot_hold_is_shown_and_kept_as_bytes()
    {
        await using var run = await StagedRun.BeginAsync(server);
        var staged = await run.LoadAsync("reviews", Header + "5\0,7,\n");
        staged.FirstRejects.Single().Message.ShouldStartWith("review is '5\\u0000', ");
        (await run.QueryAsync("select encode(raw, 'hex') from etl.quarantine")).ShouldBe([Hex("5\0,7,")]);
    }

    private static string Hex(string text) => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text));
}
