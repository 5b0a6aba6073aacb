using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Extensions;

/// <summary>Datasets, marts and data tests of a folder go the way of the built-in ones.</summary>
public sealed class ExtensionTests(PostgresServer server)
{
    private const string Month = "return_month,returns,refund\n2025-01-01,2,11.15\n";

    [Fact]
    public async Task A_folder_goes_from_check_to_export_report_and_replay()
    {
        await using var own = await Extended.CreateAsync(server);
        var lineage = Path.Combine(own.Place.Folder, "lineage.json");

        var check = await own.EtlAsync("check");
        check.ExitCode.ShouldBe(0, check.Error);
        check.Json.GetProperty("files").EnumerateArray().Last().GetProperty("rejected").GetInt64().ShouldBe(1);
        var plan = await own.EtlAsync("plan", "--date", Workplace.Day);
        plan.ExitCode.ShouldBe(0, plan.Error);
        plan.Out.ShouldContain("3 files: all statements run on empty tables");
        plan.Out.ShouldContain("returns_by_month.csv");
        plan.Out.ShouldContain("analytics.returns_by_month");

        var run = await own.RunAsync($"--Etl:Lineage:File={lineage}");

        run.ExitCode.ShouldBe(0, run.Error);
        run.Out.ShouldContain("1 returns of unknown orders");
        var exported = own.Place.Exported("20250630-001");
        Encoding.UTF8.GetString(exported["returns_by_month.csv"]).ShouldBe(Month);
        (await own.Place.RowsAsync("(select return_id, order_id, refund, return_date from staging.returns)")).ShouldBe([
            "(1,1,9.90,2025-01-02)",
            "(2,2,5.00,)",
            "(3,999999,1.25,2025-01-09)",
        ]);
        (
            await own.Place.RowsAsync("(select read, loaded, rejected from etl.run_files where dataset = 'returns')")
        ).ShouldBe(["(4,3,1)"]);
        (await own.Place.RowsAsync("(select code, message from etl.quarantine)")).ShouldBe([
            "(out_of_range,\"refund is '900', expected an amount from 0 to 999999999999.99 with at most two decimals, "
                + "written 1234,50, here 500.00 or less\")",
        ]);
        (await File.ReadAllTextAsync(lineage)).ShouldContain("{\"name\":\"refund\",\"type\":\"numeric(20,2)\"}");
        var latest = Path.Combine(own.Place.Lake, "analytics_export", "latest");
        var report = await File.ReadAllTextAsync(Path.Combine(latest, "report.html"));
        new[] { "returns.csv", "returns_by_month", "returns of unknown orders" }.ShouldAllBe(t => report.Contains(t));
        await ShouldBeRecordedAsync(own, exported["manifest.json"]);
        await ShouldReplayAsync(own);
    }

    [Fact]
    public async Task Extensions_are_added_changed_and_removed_between_runs()
    {
        await using var own = await Extended.CreateAsync(server);
        (await own.Place.RunAsync("--date", "2025-06-28", "--Etl:Quality:OnUnchanged=Allow")).ExitCode.ShouldBe(0);

        (await SucceedAsync(own, "2025-06-29")).ShouldBe(Month);
        await own.WriteAsync(
            "marts/returns_by_month.sql",
            Extended.Mart.Replace("where return_date is not null\n", "where refund < 5\n")
        );
        (await SucceedAsync(own, "2025-06-30")).ShouldBe("return_month,returns,refund\n2025-01-01,1,1.25\n");

        // Other columns: refused before anything is loaded, and the published rows stay.
        await own.WriteAsync(
            "marts/returns_by_month.sql",
            Extended
                .Mart.Replace("count(*) as returns", "1 as returns, 2 as pieces")
                .Replace("--   returns b", "--   pieces bigint not null,\n--   returns b")
        );
        var refused = await own.RunAsync("--date", "2025-07-01");
        refused.ShouldFail(5, "Table analytics.returns_by_month lacks the column pieces (bigint not null).");
        refused
            .Json.GetProperty("error")
            .GetProperty("nextStep")
            .GetString()!
            .ShouldStartWith("Rename the table and run `etl migrate`");
        (await own.Place.RowsAsync("analytics.returns_by_month")).ShouldBe(["(2025-01-01,1,1.25)"]);
        await own.Place.Database.ExecuteAsync(
            "alter table analytics.returns_by_month rename to returns_by_month_before"
        );
        (await SucceedAsync(own, "2025-07-01")).ShouldStartWith("return_month,pieces,returns,refund\n2025-01-01,2,1,");
        (await own.Place.RowsAsync("analytics.returns_by_month_before")).ShouldBe(["(2025-01-01,1,1.25)"]);

        await own.WriteAsync(
            "datasets/returns.json",
            Extended
                .Dataset.Replace("\"refund\"", "\"amount\"")
                .Replace("\"aliases\"", "\"min\": \"2000-01-01\", \"aliases\"")
        );
        await own.WriteAsync("marts/returns_by_month.sql", null);
        refused = await own.RunAsync("--date", "2025-07-02");
        refused.ShouldFail(5, "Table store.returns lacks the column amount");
        var error = refused.Json.GetProperty("error");
        error
            .GetProperty("message")
            .GetString()
            .ShouldBe(
                "Table store.returns lacks the column amount (numeric(14, 2) not null). "
                    + "Table store.returns has the column refund (numeric(14,2) not null), which its description lacks."
            );
        var next = error.GetProperty("nextStep").GetString()!;
        next.ShouldStartWith("Rename the table and its view, and run `etl migrate`, which creates both again: ");
        await own.Place.Database.ExecuteAsync(next[next.IndexOf("alter ", StringComparison.Ordinal)..]);
        await File.WriteAllTextAsync(own.Place.SourceFile("returns.csv"), Extended.Csv.Replace("refund", "amount"));
        await SucceedAsync(own, "2025-07-02");
        (await own.Place.RowsAsync("(select sum(amount) from staging.returns)")).ShouldBe(["(16.15)"]);
        (await own.Place.RowsAsync("(select sum(refund) from store.returns_before)")).ShouldBe(["(16.15)"]);

        Directory.Delete(own.Folder, recursive: true);
        (await own.Place.RunAsync("--date", "2025-07-03", "--Etl:Quality:OnUnchanged=Allow")).ExitCode.ShouldBe(0);
        (await own.Place.RowsAsync("staging.returns")).ShouldBeEmpty();
        (await own.Place.RowsAsync("analytics.returns_by_month")).Count.ShouldBe(1);
        (await own.Place.RowsAsync("(select distinct run_id from etl.run_extensions)")).ShouldBe([
            "(20250629-001)",
            "(20250630-001)",
            "(20250701-001)",
            "(20250702-001)",
        ]);
    }

    [Fact]
    public async Task A_pending_export_is_refused_with_other_extensions_than_those_of_its_run()
    {
        await using var own = await Extended.CreateAsync(server);
        await File.WriteAllTextAsync(own.Place.Lake, "a file where the lake would be");
        (await own.RunAsync("--Etl:Run:Retries=0")).ExitCode.ShouldBe(6);
        File.Delete(own.Place.Lake);
        await own.WriteAsync("tests/return_without_order.sql", Extended.Test.Replace("warn", "error"));

        (await own.RunAsync()).ShouldFail(
            2,
            "Run 20250630-001 was published with other extensions, so its export cannot be completed: "
                + "tests/return_without_order.sql changed since."
        );
        File.Exists(Path.Combine(own.Place.Lake, "analytics_export", "latest", "manifest.json")).ShouldBeFalse();

        await own.WriteAsync("tests/return_without_order.sql", Extended.Test);
        var finished = await own.RunAsync();
        finished.ExitCode.ShouldBe(0, finished.Error);
        Encoding.UTF8.GetString(own.Place.Exported("20250630-001")["returns_by_month.csv"]).ShouldBe(Month);
    }

    [Fact]
    public async Task A_replay_of_a_run_from_before_a_dataset_was_added_names_the_dataset_and_what_to_run()
    {
        await using var own = await Extended.CreateAsync(server);
        (await own.Place.RunAsync()).ExitCode.ShouldBe(0);
        var corrected = Path.Combine(own.Place.Folder, "corrected.csv");
        await File.WriteAllTextAsync(
            corrected,
            "order_id,customer_id,order_date,product_id,unit_price,quantity,total_price\n"
        );

        var refused = await own.EtlAsync([
            "quarantine",
            "replay",
            "--run",
            "20250630-001",
            "--dataset",
            "orders",
            "--from",
            corrected,
        ]);

        refused.ShouldFail(
            2,
            "Corrected rows cannot be added to run 20250630-001: it has no rows of returns, added since."
        );
        refused
            .Json.GetProperty("error")
            .GetProperty("nextStep")
            .GetString()
            .ShouldBe(
                "Run the day again with all datasets, etl run --date 2025-06-30 --force, and replay the rejected rows of the new run."
            );
        (await own.Place.QueryAsync<long>("select count(*) from etl.runs")).ShouldBe(1);
    }

    /// <summary>Path and hash of every file: by attempt in the ledger, in the manifest, and in the history.</summary>
    private static async Task ShouldBeRecordedAsync(Extended own, byte[] manifest)
    {
        var files = new[] { "datasets/returns.json", "marts/returns_by_month.sql", "tests/return_without_order.sql" }
            .Select(f =>
                $"{f} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(own.Folder, f))))}"
            )
            .ToList();
        (await own.Place.RowsAsync("(select attempt, file || ' ' || sha256 from etl.run_extensions)")).ShouldBe([
            .. files.Select(f => $"(1,\"{f}\")"),
        ]);
        Recorded(JsonDocument.Parse(manifest).RootElement).ShouldBe(files);
        var history = await own.EtlAsync("runs", "show", "20250630-001");
        JsonSchema.OfDocs.Violations("history", history.Json).ShouldBeEmpty();
        Recorded(history.Json).ShouldBe(files);

        static IEnumerable<string> Recorded(JsonElement document) =>
            document
                .GetProperty("extensions")
                .EnumerateArray()
                .Select(e => $"{e.GetProperty("file").GetString()} {e.GetProperty("sha256").GetString()}");
    }

    private static async Task ShouldReplayAsync(Extended own)
    {
        var corrected = Path.Combine(own.Place.Folder, "corrected.csv");
        string[] which = ["--run", "20250630-001", "--dataset", "returns"];
        (await own.EtlAsync(["quarantine", "export", .. which, "--out", corrected])).ExitCode.ShouldBe(0);
        var text = await File.ReadAllTextAsync(corrected);
        text.ShouldBe("return_id;order_id;refund;returned on\n4;8;900;2025-02-01\n");
        await File.WriteAllTextAsync(corrected, text.Replace("900", "90,5"));

        var replay = await own.EtlAsync(["quarantine", "replay", .. which, "--from", corrected]);

        replay.ExitCode.ShouldBe(0, replay.Error);
        Encoding
            .UTF8.GetString(own.Place.Exported("20250630-002")["returns_by_month.csv"])
            .ShouldBe($"{Month}2025-02-01,1,90.50\n");
    }

    private static async Task<string> SucceedAsync(Extended own, string day)
    {
        var run = await own.RunAsync("--date", day);
        run.ExitCode.ShouldBe(0, run.Error);
        var export = Path.Combine(own.Place.Lake, "analytics_export", "latest", "returns_by_month.csv");
        return await File.ReadAllTextAsync(export);
    }
}
