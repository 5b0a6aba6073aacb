using System.Text;
using System.Text.Json;
using Etl.Application;
using Etl.Application.Errors;
using Etl.Application.Operations;
using Etl.Application.Runs;
using Etl.Application.Stage;
using Etl.Domain;
using Etl.Domain.Analytics;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;
using Etl.Infrastructure;
using Etl.Infrastructure.Transform;
using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Stage;

/// <summary>
/// A host with a dataset and a mart of its own. Everything follows from the two descriptions: tables, check, sums, duplicates
/// of a composite key, quarantine, replay, publish, exports, lineage.
/// </summary>
public sealed class OwnCatalogTests(PostgresServer server) : IAsyncLifetime
{
    private const string Header = "sale_ref,sold_on,price,pieces,note\n";

    private const string SalesCsv =
        Header
        + "A-1,2025-06-01,10.50,2,\"first, quoted\"\n"
        + "A-1,2025-06-02,1.00,,\n"
        + "A-1,,2.00,1,größe\n"
        + "\"say \"\"so\"\"\",2025-06-01,0.25,3, x \n"
        + "A-1,2025-06-01,9.99,1,the key of line 2\n"
        + "A-1,,3,1,the key of line 4\n"
        + "B-2,2025-06-03,12.345,1,\n";

    private const string SalesByRef = """
        -- Sales of each reference.
        -- grain: one row per sale_ref
        -- inputs: sales
        -- key: sale_ref
        -- columns:
        --   sale_ref text not null,
        --   sales bigint not null,
        --   pieces bigint,
        --   revenue numeric(20, 2) not null,
        --   last_sold_on date
        select sale_ref, count(*) as sales, sum(pieces) as pieces, sum(price) as revenue, max(sold_on) as last_sold_on
        from sales
        group by sale_ref;
        """;

    private static readonly Mart OwnMart = MartFiles.Parse("Transform/Marts/sales_by_ref.sql", SalesByRef);

    private Workplace place = null!;

    public async ValueTask InitializeAsync()
    {
        place = await Workplace.CreateAsync(server);
        await File.WriteAllTextAsync(place.SourceFile("sales.csv"), SalesCsv);
    }

    public ValueTask DisposeAsync() => place.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_dataset_and_a_mart_of_a_host_go_from_check_to_export(bool besideBuiltIn)
    {
        await using var host = Host(besideBuiltIn);

        var check = await host.GetRequiredService<SourceCheck>().CheckAsync(Day, default);
        check.Error.ShouldBeNull();
        check.Files.Single(f => f.Dataset == "sales").RowCounts.ShouldBe(new(7, 4, 3));
        var pending = await host.GetRequiredService<ILedgerMigrations>().ListPendingAsync(default);
        pending.ShouldContain("staging.sales");
        pending.ShouldContain("analytics.sales_by_ref");

        var summary = await RunAsync(host);

        summary.Error.ShouldBeNull();
        summary.Status.ShouldBe(SummaryStatus.Succeeded);
        (await host.GetRequiredService<ILedgerMigrations>().ListPendingAsync(default)).ShouldBeEmpty();
        await ShouldHoldTheRowsAsync();
        await ShouldHoldTheRejectsAsync(host, RunId.Parse(summary.RunId!));
        Exported(summary.RunId!, "sales_by_ref.csv")
            .ShouldBe(
                "sale_ref,sales,pieces,revenue,last_sold_on\nA-1,3,3,13.50,2025-06-02\n\"say \"\"so\"\"\",1,3,0.25,2025-06-01\n"
            );
        ManifestTables(summary.RunId!).ShouldBe([.. Marts(besideBuiltIn).All.Select(m => m.Name)]);
        (
            await place.RowsAsync("(select dataset, read, loaded, rejected from etl.run_files where dataset = 'sales')")
        ).ShouldBe(["(sales,7,4,3)"]);
        (await File.ReadAllTextAsync(Path.Combine(place.Folder, "lineage.json"))).ShouldContain(
            "{\"name\":\"revenue\",\"type\":\"numeric(20,2)\"}"
        );
        await ShouldReplayAsync(host, RunId.Parse(summary.RunId!));
    }

    [Fact]
    public async Task A_table_that_differs_from_its_description_is_reported_and_not_altered()
    {
        await using var host = Host(besideBuiltIn: true);
        await host.GetRequiredService<ILedgerMigrations>().MigrateAsync(default);
        await place.Database.ExecuteAsync("alter table analytics.sales_by_ref alter pieces type integer");

        var summary = await RunAsync(host);

        summary.Error!.Code.ShouldBe(ErrorCode.Database);
        summary.Error.Message.ShouldBe(
            "Column pieces of table analytics.sales_by_ref is integer; its description has bigint."
        );
        (await place.RowsAsync("analytics.sales_by_ref")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("-- key: sale_ref\n", "", "Marts/x.sql, line 10: the entry '-- key: …' is missing or empty.")]
    [InlineData(
        "-- key: sale_ref",
        "-- key: pieces",
        "Marts/x.sql, line 4: 'pieces' is not a column that is not null."
    )]
    [InlineData(
        "pieces bigint",
        "pieces money",
        "Marts/x.sql, line 5: 'pieces money' is not a column; write: name type"
    )]
    [InlineData("-- inputs: sales", "-- grain: x", "Marts/x.sql, line 3: the entry '-- grain:' is there twice.")]
    public void A_wrong_header_is_an_error_that_names_file_and_line(string old, string changed, string message)
    {
        var text = SalesByRef.Replace(old, changed, StringComparison.Ordinal);
        Should.Throw<EtlException>(() => MartFiles.Parse("Marts/x.sql", text)).Error.Message.ShouldStartWith(message);
    }

    private static BusinessDate Day => BusinessDate.Parse(Workplace.Day);

    private static MartCatalog Marts(bool besideBuiltIn) =>
        new([.. besideBuiltIn ? MartFiles.BuiltIn.All : [], OwnMart]);

    private static Task<RunSummary> RunAsync(ServiceProvider host) =>
        host.GetRequiredService<EtlPipeline>().RunAsync(new RunRequest(Day), default);

    private ServiceProvider Host(bool besideBuiltIn)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Etl:Postgres:ConnectionString"] = place.Connection,
            ["Etl:Source:Uri"] = place.Source,
            ["Etl:Lake:Uri"] = place.Lake,
            ["Etl:Lineage:File"] = Path.Combine(place.Folder, "lineage.json"),
            ["Etl:Quality:MaxRejectedPercent"] = "100",
        };
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        IEnumerable<Dataset> datasets = [.. besideBuiltIn ? DatasetCatalog.BuiltIn.All : [], Sales.Dataset];
        return new ServiceCollection()
            .AddLogging()
            .AddEtlApplication()
            .AddEtlInfrastructure(configuration)
            .AddSingleton(new DatasetCatalog(datasets))
            .AddSingleton(Marts(besideBuiltIn))
            .BuildServiceProvider();
    }

    private async Task ShouldHoldTheRowsAsync()
    {
        (await place.RowsAsync("(select sale_ref, sold_on, price, pieces, note from staging.sales)")).ShouldBe(
            [
                "(A-1,,2.00,1,größe)",
                "(A-1,2025-06-01,10.50,2,\"first, quoted\")",
                "(A-1,2025-06-02,1.00,,)",
                "(\"say \"\"so\"\"\",2025-06-01,0.25,3,x)",
            ],
            ignoreOrder: true
        );
        (
            await place.RowsAsync(
                "(select column_name, data_type, collation_name from information_schema.columns "
                    + "where table_schema = 'staging' and table_name = 'sales' and column_name in ('sale_ref', 'price'))"
            )
        ).ShouldBe(["(price,numeric,)", "(sale_ref,text,C)"]);
    }

    private async Task ShouldHoldTheRejectsAsync(ServiceProvider host, RunId run)
    {
        var quarantine = host.GetRequiredService<IQuarantine>();
        (await quarantine.CountAsync(run, default)).ShouldBe(
            [new("sales", RejectCode.DuplicateKey, 2), new("sales", RejectCode.TooManyDecimals, 1)],
            ignoreOrder: true
        );
        var rejects = new List<string>();
        await foreach (var kept in quarantine.ReadAsync(run, new QuarantineFilter("sales"), default))
        {
            rejects.Add($"{kept.Row.Line} {kept.Row.Column}: {kept.Row.Message}");
        }

        rejects.ShouldBe([
            "6 sale_ref, sold_on: sale_ref, sold_on are 'A-1', '2025-06-01', which an earlier row of the file has",
            "7 sale_ref, sold_on: sale_ref, sold_on are 'A-1', NULL, which an earlier row of the file has",
            "8 price: price is '12.345', expected an amount from 0 to 999999999999.99 with at most two decimals",
        ]);
        var export = host.GetRequiredService<QuarantineExport>();
        using var file = new MemoryStream();
        var plan = await export.PlanAsync(run, Sales.Dataset, default);
        await export.WriteAsync(plan, plan.Files.Single(), file, default);
        Encoding
            .UTF8.GetString(file.ToArray())
            .ShouldBe(
                Header
                    + "A-1,2025-06-01,9.99,1,the key of line 2\nA-1,,3,1,the key of line 4\nB-2,2025-06-03,12.345,1,\n"
            );
    }

    /// <summary>One corrected row joins the published ones; a row with a published key does not.</summary>
    private async Task ShouldReplayAsync(ServiceProvider host, RunId run)
    {
        var file = Path.Combine(place.Folder, "sales.corrected.csv");
        await File.WriteAllTextAsync(file, Header + "B-2,2025-06-03,12.34,1,\nA-1,,3,1,the key of line 4\n");
        var corrected = new Dictionary<string, IReadOnlyList<string>> { ["sales"] = [file] };
        var request = await host.GetRequiredService<Replays>().PlanAsync(new ReplayRequest(run, corrected), default);

        var summary = await host.GetRequiredService<EtlPipeline>().RunAsync(request, default);

        summary.Error.ShouldBeNull();
        (
            await place.RowsAsync("(select role, read, loaded, rejected from etl.run_files where dataset = 'sales')")
        ).ShouldBe(["(base,4,4,0)", "(corrected,2,1,1)", "(source,7,4,3)"]);
        (
            await place.RowsAsync($"(select code, rows from etl.reject_counts where run_id = '{summary.RunId}')")
        ).ShouldBe(["(duplicate_key,1)"]);
        Exported(summary.RunId!, "sales_by_ref.csv").ShouldContain("\nB-2,1,1,12.34,2025-06-03\n");
    }

    private string Exported(string run, string file) => Encoding.UTF8.GetString(place.Exported(run)[file]);

    private string[] ManifestTables(string run)
    {
        using var manifest = JsonDocument.Parse(Exported(run, "manifest.json"));
        return
        [
            .. manifest
                .RootElement.GetProperty("tables")
                .EnumerateArray()
                .Select(t => t.GetProperty("table").GetString()!),
        ];
    }
}
