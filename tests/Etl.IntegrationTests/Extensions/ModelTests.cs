using System.Text;
using System.Text.Json;
using Etl.IntegrationTests.Chaos;
using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Extensions;

/// <summary>The built-in datasets as models over the nine files of a shop.</summary>
public sealed class ModelTests(PostgresServer server)
{
    private const string Run = "20250630-001";

    [Fact]
    public async Task Nine_files_go_by_JSON_and_SQL_alone_to_exports_with_the_figures_of_an_independent_computation()
    {
        await using var shop = await Modeled.CreateAsync(server);

        var plan = await shop.EtlAsync("plan", "--date", Workplace.Day);
        plan.ExitCode.ShouldBe(0, plan.Error);
        plan.Out.ShouldContain("13 files: all statements run on empty tables");
        var run = await shop.RunAsync();
        run.ExitCode.ShouldBe(0, run.Error);

        await ShouldHaveFiguresAsync(shop, Run);
        await ShouldBeStoredAsJsonAsync(shop);
        run.Out.ShouldContain("orders.sql: ", Case.Sensitive);
        var sources = JsonDocument.Parse(shop.Place.Exported(Run)["manifest.json"]).RootElement.GetProperty("sources");
        sources.EnumerateArray().Count(s => s.GetProperty("file").GetString() == "models/orders.sql").ShouldBe(1);
        var history = await shop.EtlAsync("runs", "show", Run);
        JsonSchema.OfDocs.Violations("history", history.Json).ShouldBeEmpty();
        history
            .Json.GetProperty("sources")
            .EnumerateArray()
            .Where(f => f.GetProperty("role").GetString() == "model")
            .Select(f => f.GetProperty("dataset").GetString())
            .ShouldBe(["orders", "reviews", "shipments"]);
        var html = Path.Combine(shop.Place.Lake, "analytics_export", "latest", "report.html");
        var report = await File.ReadAllTextAsync(html);
        new[] { "orders.sql", "order_items.csv", "revenue_by_category" }.ShouldAllBe(t => report.Contains(t));
    }

    [Fact]
    public async Task Rejected_rows_of_a_file_are_replayed_and_its_models_are_computed_again()
    {
        await using var shop = await Modeled.CreateAsync(server);
        var run = await shop.RunAsync();
        run.ExitCode.ShouldBe(0, run.Error);
        string[] orders = ["--run", Run, "--dataset", "orders"];
        foreach (
            var line in new string[][]
            {
                ["quarantine", "replay", .. orders, "--from", shop.Place.SourceFile("orders.csv")],
                ["quarantine", "export", .. orders, "--out", Path.Combine(shop.Place.Folder, "orders.csv")],
            }
        )
        {
            var refused = await shop.EtlAsync(line);
            refused.ShouldFail(
                2,
                $"The rows of orders cannot be corrected in a file: the model {Path.Combine(shop.Folder, "models/orders.sql")} gives them."
            );
            refused
                .Json.GetProperty("error")
                .GetProperty("nextStep")
                .GetString()!
                .ShouldStartWith("Correct the rejected rows of what it reads (order_lines, shop_orders, customers)");
        }

        var corrected = Path.Combine(shop.Place.Folder, "corrected.csv");
        string[] which = ["--run", Run, "--dataset", "shop_orders"];
        (await shop.EtlAsync(["quarantine", "export", .. which, "--out", corrected])).ExitCode.ShouldBe(0);
        var text = await File.ReadAllTextAsync(corrected);
        shop.Files.WrongOrders.ShouldAllBe(o => text.Contains(o));
        shop.Files.Correct();
        shop.Files.Write(shop.Place.Source);
        await File.WriteAllLinesAsync(
            corrected,
            (await File.ReadAllLinesAsync(shop.Place.SourceFile("orders.csv"))).Where(
                (l, i) => i == 0 || text.Contains(l.Split(',')[0], StringComparison.Ordinal)
            )
        );

        var replay = await shop.EtlAsync(["quarantine", "replay", .. which, "--from", corrected]);

        replay.ExitCode.ShouldBe(0, replay.Error);
        await ShouldHaveFiguresAsync(shop, "20250630-002", ofFiles: ["orders", "reviews", "shipments"]);
    }

    [Theory]
    [InlineData(
        "left join shop_orders",
        "join shop_orders",
        " gave no row (order_id '",
        "Use left joins and no condition that drops a row: a row without a match is then rejected, and counted."
    )]
    [InlineData(
        "from order_lines as l",
        "from order_lines as l left join payments as p on p.order_id = l.order_id",
        " gave several rows (order_id '",
        "Aggregate what is joined to one row per key before the join: the join multiplies rows."
    )]
    [InlineData(
        "l.order_item_id,",
        "l.order_item_id + 100 as order_item_id,",
        " of the result belong to no row of it (order_id '",
        "Return the key of order_lines as it is."
    )]
    public async Task A_driving_row_that_gives_no_row_or_several_fails_the_run_and_names_keys(
        string old,
        string changed,
        string found,
        string next
    )
    {
        await using var shop = await Modeled.CreateAsync(server);
        await shop.ChangeAsync("models/orders.sql", old, changed);
        if (changed.Contains("payments", StringComparison.Ordinal))
        {
            var text = await File.ReadAllTextAsync(Path.Combine(shop.Folder, "models/orders.sql"));
            await shop.WriteAsync(
                "models/orders.sql",
                text.Replace("shop_orders, customers\n", "shop_orders, customers, payments\n", StringComparison.Ordinal)
            );
        }

        var run = await shop.RunAsync();

        run.ShouldFail(
            4,
            $"{Path.Combine(shop.Folder, "models/orders.sql")}, line 2: each row of order_lines must give one row, but "
        );
        var error = run.Json.GetProperty("error");
        error.GetProperty("code").GetString().ShouldBe("row_count_mismatch");
        error.GetProperty("message").GetString()!.ShouldContain(found, Case.Sensitive);
        error.GetProperty("nextStep").GetString()!.ShouldContain(next, Case.Sensitive);
        await shop.Place.ShouldHaveNothingPublishedAsync();
        (
            await shop.Place.RowsAsync("(select nspname from pg_namespace where nspname like 'run\\_%\\_orders')")
        ).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(
        "models/orders.sql",
        "l.price as unit_price",
        "l.prise as unit_price",
        "line 10, column 3: PostgreSQL reported 'column l.prise does not exist'"
    )]
    [InlineData("models/orders.sql", "as l\n", "as l,\n", "line 14, column 6: PostgreSQL reported 'syntax error")]
    [InlineData(
        "models/orders.sql",
        "shop_orders, customers",
        "shop_orders",
        "line 15, column 11: PostgreSQL reported 'relation \"customers\" does not exist'"
    )]
    [InlineData(
        "models/orders.sql",
        "as unit_price",
        "as unit_prise",
        "line 2: the SELECT does not return unit_price, a column of orders (did you mean its column 'unit_prise'?); "
            + "it returns 'unit_prise', which is neither a column of orders nor of the key of order_lines."
    )]
    [InlineData(
        "models/orders.sql",
        "  l.order_item_id,\n",
        "",
        "line 2: the SELECT does not return order_item_id, of the key of order_lines."
    )]
    [InlineData(
        "models/orders.sql",
        "1 as quantity",
        "1 as quantity, 2 as quantity",
        "line 2: the SELECT returns 'quantity' twice."
    )]
    [InlineData(
        "models/orders.sql",
        "select\n",
        "with gone as (delete from order_lines returning *)\nselect\n",
        "line 4, column 6: PostgreSQL reported 'WITH clause containing a data-modifying statement must be at the top level'"
    )]
    public async Task What_the_server_finds_in_a_model_is_reported_by_plan_and_doctor_and_stops_the_run(
        string path,
        string old,
        string changed,
        string error
    )
    {
        await using var shop = await Modeled.CreateAsync(server);
        await shop.ChangeAsync(path, old, changed);
        var message = $"{Path.Combine(shop.Folder, path)}, {error}";
        foreach (var verb in new[] { "plan", "doctor" })
        {
            var found = await shop.EtlAsync(verb, "--date", Workplace.Day);
            found.ExitCode.ShouldBe(2, found.Error);
            found.Json.GetProperty("error").GetProperty("message").GetString()!.ShouldStartWith(message);
        }

        var run = await shop.RunAsync();

        run.ShouldFail(2, message);
        run.Json.GetProperty("error").GetProperty("nextStep").GetString().ShouldNotBeNullOrEmpty();
        await shop.Place.ShouldHaveNothingPublishedAsync();
    }

    [Fact]
    public async Task What_the_files_of_models_alone_show_stops_every_command()
    {
        await using var shop = await Modeled.CreateAsync(server);
        await shop.ChangeAsync("models/orders.sql", "inputs: order_lines, ", "inputs: order_lines, shop_order, ");
        await shop.ChangeAsync("models/reviews.sql", "-- every: order_reviews\n", "");
        await shop.ChangeAsync("models/shipments.sql", "from shop_orders;", "from shop_orders; select 1;");
        foreach (var line in new string[][] { ["check"], ["plan"], ["run", "--date", Workplace.Day], ["migrate"] })
        {
            var refused = await shop.EtlAsync(line);
            refused.ShouldFail(
                2,
                $"{Path.Combine(shop.Folder, "models/reviews.sql")}, line 3: the entry '-- every: …' is missing"
            );
            refused
                .Json.GetProperty("error")
                .GetProperty("message")
                .GetString()!
                .ShouldContain("models/shipments.sql, line 9, column 19: a second statement begins", Case.Sensitive);
        }

        await shop.WriteAsync("models/reviews.sql", NineFiles.Extensions["models/reviews.sql"]);
        await shop.WriteAsync("models/shipments.sql", NineFiles.Extensions["models/shipments.sql"]);
        (await shop.EtlAsync("check")).ShouldFail(
            2,
            $"{Path.Combine(shop.Folder, "models/orders.sql")}, line 3: 'shop_order' is no dataset that a file delivers (did you mean 'shop_orders'?)."
        );
        (
            await shop.Place.QueryAsync<bool>(
                "select to_regnamespace('etl') is null and to_regnamespace('analytics') is null"
            )
        ).ShouldBeTrue();
    }

    [Fact]
    public async Task A_setting_of_a_file_beside_a_model_is_refused()
    {
        await using var shop = await Modeled.CreateAsync(server);
        foreach (var verb in new[] { "check", "plan", "doctor" })
        {
            var refused = await shop.EtlAsync(verb, "--Etl:Files:Orders:Delimiter=;");
            refused.ExitCode.ShouldBe(2, refused.Out);
            refused.Out.ShouldContain("Etl:Files:Orders:Delimiter describes a file, and ", Case.Sensitive);
        }
    }

    [Fact]
    public async Task More_rejected_rows_of_a_model_than_the_limit_fail_the_run_with_their_keys()
    {
        await using var shop = await Modeled.CreateAsync(server);
        var run = await shop.RunAsync("--Etl:Quality:MaxRejectedRows=5");
        run.ShouldFail(4, "");
        var error = run.Json.GetProperty("error");
        error.GetProperty("code").GetString().ShouldBe("reject_limit");
        error.GetProperty("message").GetString()!.ShouldContain("of orders.sql were rejected", Case.Sensitive);
        error.GetProperty("message").GetString()!.ShouldContain("; order_lines order_id '", Case.Sensitive);
        error
            .GetProperty("nextStep")
            .GetString()!
            .ShouldContain("Correct the model or the files that it reads", Case.Sensitive);
        await shop.Place.ShouldHaveNothingPublishedAsync();
    }

    [Theory]
    [MemberData(nameof(BreakPoints))]
    public async Task A_run_that_is_killed_while_it_loads_a_model_leaves_what_an_undisturbed_run_leaves(string point)
    {
        await using var undisturbed = await Modeled.CreateAsync(server);
        (await undisturbed.RunAsync()).ExitCode.ShouldBe(0);
        await using var shop = await Modeled.CreateAsync(server);
        (await shop.EtlAsync("migrate")).ExitCode.ShouldBe(0);
        EtlProcess killed;
        await using (var brake = await Brake.SetAsync(shop.Place.Database, Brakes[point]))
        {
            killed = await EtlProcess.RunAsync(
                shop.Place.Folder,
                async process =>
                {
                    await brake.ReachedAsync(process);
                    process.Kill();
                },
                shop.Place.RunLine([.. shop.Settings])
            );
        }

        killed.ExitCode.ShouldBe(137);
        (await shop.Place.RowsAsync("(select dataset from etl.run_files where dataset = 'orders')")).ShouldBeEmpty();
        var again = await shop.RunAsync();

        again.ExitCode.ShouldBe(0, again.Error);
        Traces.Differences(await Traces.OfAsync(undisturbed.Place), await Traces.OfAsync(shop.Place)).ShouldBeEmpty();
    }

    public static TheoryData<string> BreakPoints => [.. Brakes.Keys];

    /// <summary>Points at which a run waits while it computes model orders, and in the middle of the load of its rows.</summary>
    private static Dictionary<string, BreakPoint> Brakes { get; } =
        new BreakPoint[]
        {
            new(
                "as the model is computed",
                """
                create event trigger brake on ddl_command_end when tag in ('CREATE VIEW') execute function chaos.ddl_brake();
                do $$ begin execute format('alter database %I set chaos.object = %L', current_database(),
                  '^run_[0-9_]+_orders[.]order_lines$'); end $$
                """
            ),
            BreakPoint.OnRow("in the middle of its load", "new.customer_id = 'u250'"),
        }.ToDictionary(p => p.Name);

    /// <summary>A rejected row is a JSON object with the key of its line, the column, the code and the values.</summary>
    private static async Task ShouldBeStoredAsJsonAsync(Modeled shop)
    {
        var stored = await shop.Place.RowsAsync(
            "(select convert_from(raw, 'UTF8')::jsonb || jsonb_build_object('line', line) as raw from etl.quarantine where dataset = 'orders')"
        );
        var rows = stored.ConvertAll(r =>
            JsonDocument.Parse(r[2..^2].Replace("\"\"", "\"", StringComparison.Ordinal)).RootElement
        );
        var (price, customer) = shop.Files.RejectedLines;
        rows.Count(r => r.GetProperty("column").GetString() == "unit_price").ShouldBe(price);
        rows.Count(r => r.GetProperty("column").GetString() == "customer_id").ShouldBe(customer);
        rows.ShouldAllBe(r => r.GetProperty("line").GetInt64() == 0);
        var (order, item) = shop.Files.LineWithWrongPrice;
        var one = rows.Single(r =>
            r.GetProperty("key").GetProperty("order_id").GetString() == order
            && r.GetProperty("key").GetProperty("order_item_id").GetString() == $"{item}"
        );
        one.GetProperty("code").GetString().ShouldBe("not_a_number");
        one.GetProperty("row").GetProperty("unit_price").GetString().ShouldBe("12.5O");
        one.GetProperty("row").GetProperty("quantity").GetString().ShouldBe("1");
        (
            await shop.Place.RowsAsync(
                $"(select message from etl.quarantine where dataset = 'orders' and message like '%{order}%')"
            )
        )
            .Single()
            .ShouldContain($"; order_lines order_id '{order}', order_item_id '{item}'");
    }

    private static async Task ShouldHaveFiguresAsync(Modeled shop, string run, string[]? ofFiles = null)
    {
        var files = shop.Files;
        var exported = shop.Place.Exported(run).ToDictionary(e => e.Key, e => Encoding.UTF8.GetString(e.Value));
        Rows(exported["revenue_by_category.csv"]).ShouldBe(files.Categories);
        Rows(exported["daily_orders.csv"]).Select(r => r[..r.LastIndexOf(',')]).ShouldBe(files.Days);
        Rows(exported["product_performance.csv"])
            .Select(r => string.Join(',', r.Split(',').Take(7)))
            .ShouldBe(files.Products);
        Rows(exported["agg_shipments.csv"]).ShouldBe([files.ShipmentsOf(new DateOnly(2025, 6, 30))]);
        foreach (
            var (dataset, (read, loaded, rejected)) in files.RowCounts.Where(c => ofFiles?.Contains(c.Key) ?? true)
        )
        {
            (
                await shop.Place.RowsAsync(
                    $"(select read, loaded, rejected from etl.run_files where dataset = '{dataset}' and run_id = '{run}')"
                )
            ).ShouldBe([$"({read},{loaded},{rejected})"], dataset);
        }
    }

    private static IEnumerable<string> Rows(string csv) => csv.TrimEnd('\n').Split('\n').Skip(1);
}
