using System.Text.RegularExpressions;
using Etl.Application;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Analytics;
using Etl.Domain.Runs;
using Etl.Infrastructure;
using Etl.Infrastructure.Transform;
using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Docs;

/// <summary>The code and SQL of docs/guides, with the file that the guide writes.</summary>
public sealed partial class GuideTests(PostgresServer server)
{
    private static readonly string Dataset = Guide("add-a-dataset.md");
    private static readonly string Table = Guide("add-an-analytics-table.md");

    [Fact]
    public void The_dataset_of_the_guide_compiles()
    {
        var compiled = File.ReadAllText(Path.Combine(Repository.Root, "tests/Etl.IntegrationTests/Docs/Return.cs"));
        Blocks(Dataset, "csharp")
            .First()
            .ReplaceLineEndings("\n")
            .ShouldBe(
                compiled
                    .ReplaceLineEndings("\n")
                    .Replace(
                        "namespace Etl.IntegrationTests.Docs;",
                        "namespace Etl.Domain.Returns;",
                        StringComparison.Ordinal
                    ),
                "the guide's block and the compiled file differ; change both"
            );
    }

    [Fact]
    public async Task The_dataset_and_the_table_of_the_guides_run_from_source_to_export()
    {
        await using var place = await Workplace.CreateAsync(server);
        await File.WriteAllTextAsync(place.SourceFile("returns.csv"), ReturnsCsv());
        var mart = MartFiles.Parse("Transform/Marts/monthly_orders.sql", Blocks(Table, "sql file").First());
        await using var host = Host(place, mart);

        var request = new RunRequest(BusinessDate.Parse(Workplace.Day));
        var summary = await host.GetRequiredService<EtlPipeline>().RunAsync(request, CancellationToken.None);

        summary.Error.ShouldBeNull();
        (
            await place.RowsAsync("(select read, loaded, rejected from etl.run_files where dataset = 'returns')")
        ).ShouldBe(["(3,2,1)"]);
        (await place.RowsAsync("(select sum(refund) from staging.returns)")).ShouldBe(["(14.90)"]);
        (
            await place.RowsAsync(
                "(select sum(orders) = (select count(*) from staging.orders) from analytics.monthly_orders)"
            )
        ).ShouldBe(["(t)"]);
        var export = Path.Combine(place.Lake, "analytics_export", "latest", "monthly_orders.csv");
        File.ReadLines(export).First().ShouldBe("order_month,orders,revenue");

        (await ViolationsAsync(place.Connection, summary.RunId!, Blocks(Table, "sql file").Last())).ShouldBe(0);
    }

    /// <summary>The number of rows that a data test returns in the schema of a run.</summary>
    private static async Task<int> ViolationsAsync(string connection, string run, string test)
    {
        var text = new NpgsqlConnectionStringBuilder(connection) { SearchPath = RunId.Parse(run).Schema };
        await using var source = NpgsqlDataSource.Create(text);
        await using var command = source.CreateCommand(test);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = 0;
        while (await reader.ReadAsync())
        {
            rows++;
        }

        return rows;
    }

    private static ServiceProvider Host(Workplace place, Mart mart)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Etl:Postgres:ConnectionString"] = place.Connection,
            ["Etl:Source:Uri"] = place.Source,
            ["Etl:Lake:Uri"] = place.Lake,
            ["Etl:Quality:MaxRejectedPercent"] = "50",
        };
        return new ServiceCollection()
            .AddLogging()
            .AddEtlApplication()
            .AddEtlInfrastructure(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .AddSingleton(
                new DatasetCatalog([
                    .. DatasetCatalog.BuiltIn.All.Where(d => d.Name != Return.Dataset.Name),
                    Return.Dataset,
                ])
            )
            .AddSingleton(new MartCatalog([.. MartFiles.BuiltIn.All.Where(m => m.Name != mart.Name), mart]))
            .BuildServiceProvider();
    }

    /// <summary>The text that the guide writes with printf.</summary>
    private static string ReturnsCsv() =>
        Printf().Match(Dataset).Groups["text"].Value.Replace("\\n", "\n", StringComparison.Ordinal);

    private static string Guide(string name) => File.ReadAllText(Path.Combine(Repository.Root, "docs", "guides", name));

    private static IEnumerable<string> Blocks(string page, string mark) =>
        Fence().Matches(page).Where(f => f.Groups["mark"].Value == mark).Select(f => f.Groups["body"].Value);

    [GeneratedRegex(@"^```(?<mark>[^\n]*)\n(?<body>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("printf '(?<text>[^']*)' > in/returns.csv")]
    private static partial Regex Printf();
}
