using System.Text;
using Etl.Application.Errors;
using Etl.Domain.Analytics;
using Etl.Domain.Runs;
using Etl.Infrastructure.Export;
using Etl.Infrastructure.Postgres;
using Etl.Infrastructure.Transform;
using Etl.TestKit;
using Microsoft.Extensions.Options;
using Npgsql;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Export;

public class AnalyticsReaderTests(PostgresServer server)
{
    private static readonly RunId Run = RunId.Parse("20220905-001");

    [Fact]
    public async Task Tables_are_exported_in_key_order()
    {
        await using var database = await server.CreateDatabaseAsync();
        await ExecuteAsync(
            database.DataSource,
            """
            insert into analytics.daily_orders values
              ('2022-01-10', 3, 4, 1234567.5, true), ('2021-12-31', 1, 9223372036854775807, 0, false)
            """
        );

        (await ExportAsync(database.DataSource, "daily_orders")).ShouldBe(
            "order_date,orders,quantity,revenue,is_public_holiday\n"
                + "2021-12-31,1,9223372036854775807,0.00,false\n2022-01-10,3,4,1234567.50,true\n"
        );
        (await ExportAsync(database.DataSource, "agg_shipments")).ShouldBe(
            "ingestion_date,tt_late_shipments,tt_undelivered_items\n"
        );
    }

    [Fact]
    public async Task Numbers_are_ordered_as_numbers_and_texts_by_their_bytes()
    {
        await using var database = await server.CreateDatabaseAsync();
        await ExecuteAsync(
            database.DataSource,
            """
            do $$ begin -- a database that speaks a language sorts B after a
              if exists (select from pg_collation where collname = 'und-x-icu') then
                alter table analytics.shipment_status
                  alter status type text collate "und-x-icu", alter age type text collate "und-x-icu";
              end if;
            end $$;
            insert into analytics.shipment_status values ('b', 'x', 1), ('B', 'x', 1), ('a', 'Z', 1), ('a', 'é', 1), ('a', 'z', 1);
            insert into analytics.product_performance select n, 'P', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 from unnest(array[10, 9, 100]) as n
            """
        );

        (await ExportAsync(database.DataSource, "shipment_status")).ShouldBe(
            "status,age,shipments\nB,x,1\na,Z,1\na,z,1\na,é,1\nb,x,1\n"
        );
        var products = await ExportAsync(database.DataSource, "product_performance");
        products.Split('\n')[1..^1].Select(l => l.Split(',')[0]).ShouldBe(["9", "10", "100"]);
    }

    [Theory]
    [InlineData("Lamp", "Lamp")]
    [InlineData("Lamp, red", "\"Lamp, red\"")]
    [InlineData("19\" rack", "\"19\"\" rack\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData("carriage\rreturn", "\"carriage\rreturn\"")]
    [InlineData(" padded ", "\" padded \"")]
    [InlineData("Ünïcødé 🛴", "Ünïcødé 🛴")]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("\r=1", "\"'\r=1\"")]
    [InlineData("=cmd|' /C calc'!A0,x", "\"'=cmd|' /C calc'!A0,x\"")]
    public async Task Texts_are_quoted_if_needed_and_never_evaluated_as_a_formula(string name, string cell)
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var insert = database.DataSource.CreateCommand(
            "insert into analytics.product_performance values (1, $1, -1, 0, -2.5, 0, 0, 0, 0, 0, 0, 0, 0, 0)"
        );
        insert.Parameters.Add(new NpgsqlParameter { Value = name });
        await insert.ExecuteNonQueryAsync();

        var csv = await ExportAsync(database.DataSource, "product_performance");
        csv[(csv.IndexOf('\n') + 1)..].ShouldBe($"1,{cell},-1,0,-2.50,0,0,0.00,0.00,0.00,0.00,0.00,0.00,0.00\n");
    }

    [Fact]
    public async Task An_open_snapshot_does_not_see_later_publishes()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var snapshot = await new AnalyticsReader(
            database.DataSource,
            Options.Create(new SchemaOptions())
        ).OpenAsync(Run, CancellationToken.None);
        var before = await WriteAsync(snapshot, "agg_shipments");
        await ExecuteAsync(database.DataSource, "insert into analytics.agg_shipments values ('2022-09-05', 1, 2)");

        (await WriteAsync(snapshot, "agg_shipments")).ShouldBe(before);
        (await ExportAsync(database.DataSource, "agg_shipments")).ShouldEndWith("\n2022-09-05,1,2\n");
    }

    [Fact]
    public async Task Rows_and_columns_are_returned_and_the_stream_stays_open()
    {
        await using var database = await server.CreateDatabaseAsync();
        await ExecuteAsync(
            database.DataSource,
            "insert into analytics.daily_orders select date '2000-01-01' + n, 1, 1, 1, false from generate_series(1, 5000) as n"
        );
        await using var snapshot = await new AnalyticsReader(
            database.DataSource,
            Options.Create(new SchemaOptions())
        ).OpenAsync(Run, CancellationToken.None);
        using var stream = new MemoryStream();
        var written = await snapshot.WriteCsvAsync(Table("daily_orders"), stream, CancellationToken.None);

        written.Rows.ShouldBe(5000);
        written.Columns.ShouldBe(["order_date", "orders", "quantity", "revenue", "is_public_holiday"]);
        stream.CanWrite.ShouldBeTrue();
        stream.ToArray().Count(b => b == '\n').ShouldBe(5001);
        stream.ToArray()[..3].ShouldBe("ord"u8.ToArray());
    }

    [Fact]
    public async Task A_missing_table_is_an_error_that_names_it()
    {
        await using var database = await server.CreateDatabaseAsync();
        await ExecuteAsync(database.DataSource, "drop table analytics.daily_orders");

        var exception = await Should.ThrowAsync<EtlException>(() => ExportAsync(database.DataSource, "daily_orders"));
        exception.Error.Code.ShouldBe(ErrorCode.Database);
        exception.Error.Message.ShouldContain("analytics.daily_orders");
    }

    private static Mart Table(string name) => MartFiles.BuiltIn.All.Single(t => t.Name == name);

    private static async Task<string> ExportAsync(NpgsqlDataSource database, string table)
    {
        await using var snapshot = await new AnalyticsReader(database, Options.Create(new SchemaOptions())).OpenAsync(
            Run,
            CancellationToken.None
        );
        return await WriteAsync(snapshot, table);
    }

    private static async Task<string> WriteAsync(Application.Export.IAnalyticsSnapshot snapshot, string table)
    {
        using var stream = new MemoryStream();
        await snapshot.WriteCsvAsync(Table(table), stream, CancellationToken.None);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
