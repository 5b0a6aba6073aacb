using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Postgres;

/// <summary>Schemas of other names, beside schemas of a user that have the default names.</summary>
public sealed class SchemaNameTests(PostgresServer server)
{
    private const string Staging = "Shop \"raw\"";
    private const string Run = $"{Day8}-001";
    private const string Day8 = "20250630";

    private static readonly string[] Names =
    [
        $"--Etl:Postgres:Schemas:Staging={Staging}",
        "--Etl:Postgres:Schemas:Analytics=marts",
    ];

    private const string Users = """
        create schema staging; create schema analytics;
        create table staging.orders (id int primary key, note text);
        insert into staging.orders values (1, 'mine');
        create view analytics.daily_orders as select count(*) as orders from staging.orders;
        """;

    [Fact]
    public async Task A_day_with_other_schema_names_leaves_the_users_schemas_unchanged()
    {
        await using var place = await Workplace.CreateAsync(server);
        var order = (await File.ReadAllLinesAsync(place.SourceFile("orders.csv")))[1];
        var rest = order[order.IndexOf(',', StringComparison.Ordinal)..];
        await File.AppendAllTextAsync(place.SourceFile("orders.csv"), $"abc{rest}\n");
        await using var usual = await Workplace.CreateAsync(server, place.Source);
        (await usual.RunAsync()).ExitCode.ShouldBe(0);
        await place.Database.ExecuteAsync(Users);

        (await VerbAsync(place, "check", "--source", place.Source)).ShouldContain("\"exitCode\": 0");
        (await VerbAsync(place, "plan", [.. Places(place)])).ShouldContain("\"exitCode\": 0");
        (await VerbAsync(place, "run", [.. Places(place)])).ShouldContain("\"status\": \"succeeded\"");
        await ReplayAsync(place, $"999999999{rest}");
        (await VerbAsync(place, "report", "--run", $"{Day8}-002", "--out", "report.html")).ShouldContain("report.html");

        foreach (var mart in new[] { "daily_orders", "product_performance", "shipment_status" })
        {
            (await place.RowsAsync($"marts.{mart}")).Count.ShouldBeGreaterThan(0);
        }

        var rows = "(select order_id, product_id, order_date::text from {0}.orders)";
        (await place.RowsAsync(string.Format(null, rows, "\"Shop \"\"raw\"\"\""))).Count.ShouldBeGreaterThan(
            (await usual.RowsAsync(string.Format(null, rows, "staging"))).Count,
            "a corrected row was replayed"
        );
        (await place.RowsAsync("staging.orders")).ShouldBe(["(1,mine)"]);
        (await place.RowsAsync("analytics.daily_orders")).ShouldBe(["(1)"]);
        (
            await place.RowsAsync(
                """
                (select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where n.nspname in ('staging', 'analytics') and c.relkind in ('r', 'p', 'v', 'm'))
                """
            )
        ).ShouldBe(["(analytics,daily_orders)", "(staging,orders)"]);
    }

    [Fact]
    public async Task The_default_names_over_a_users_tables_are_refused_with_the_setting()
    {
        await using var place = await Workplace.CreateAsync(server);
        await place.Database.ExecuteAsync(Users);

        var run = await place.RunAsync();

        run.ExitCode.ShouldBe(5);
        run.Out.ShouldContain("A table named staging.orders is in the way");
        run.Out.ShouldContain("A view named analytics.daily_orders is in the way");
        run.Out.ShouldContain("Etl:Postgres:Schemas:Staging");
        (await place.RowsAsync("staging.orders")).ShouldBe(["(1,mine)"]);
    }

    private static async Task ReplayAsync(Workplace place, string row)
    {
        var file = Path.Combine(place.Folder, "rejected.csv");
        await VerbAsync(place, "quarantine", "export", "--run", Run, "--dataset", "orders", "--out", file);
        var lines = await File.ReadAllLinesAsync(file);
        await File.WriteAllLinesAsync(file, [lines[0], row]);
        string[] replay = ["replay", "--run", Run, "--dataset", "orders", "--from", file, "--lake", place.Lake];
        (await VerbAsync(place, "quarantine", replay)).ShouldContain("\"status\": \"succeeded\"");
    }

    private static string[] Places(Workplace place) =>
        ["--source", place.Source, "--lake", place.Lake, "--date", Workplace.Day];

    private static async Task<string> VerbAsync(Workplace place, string verb, params string[] more)
    {
        string[] connection = verb == "check" ? [] : ["--connection", place.Connection];
        var process = await EtlProcess.RunAsync(place.Folder, [verb, .. more, .. connection, "--json", .. Names]);
        process.ExitCode.ShouldBe(0, $"{verb}\n{process.Out}\n{process.Error}");
        return process.Out;
    }
}
