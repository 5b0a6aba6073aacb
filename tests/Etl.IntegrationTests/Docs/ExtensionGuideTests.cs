using System.Text;
using System.Text.RegularExpressions;
using Etl.IntegrationTests.Aws;
using Etl.IntegrationTests.Console;
using Etl.IntegrationTests.Extensions;
using Etl.IntegrationTests.Lambda;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Docs;

/// <summary>The commands and files of the guides about extensions, from <c>etl new</c> to the report.</summary>
public sealed partial class ExtensionGuideTests(PostgresServer server, MotoServer moto)
{
    private const string Begin = """
        set -euo pipefail
        program=("$@")
        etl() { "${program[@]}" "$@"; }

        """;

    [Fact]
    public async Task The_guide_goes_from_a_template_to_the_exported_table_and_the_report()
    {
        await using var database = await server.CreateDatabaseAsync(migrated: false);
        using var folder = new TempFolder();

        var done = await FollowAsync(folder, database);

        done.ExitCode.ShouldBe(0, $"{done.Out}{done.Error}");
        done.Out.ShouldContain("refund is '900.00', expected an amount");
        done.Out.ShouldContain("here 500.00 or less");
        done.Out.ShouldContain("return_month,returns,refund\n2025-01-01,2,11.15\n");
        done.Out.ShouldContain("3 files: all statements run on empty tables");
        var report = done.Out.TrimEnd().Split(' ', '\n')[^1];
        await ShouldHaveTheTableAsync(
            Path.Combine(folder.Root, report.Replace("file://", "", StringComparison.Ordinal))
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Its_files_give_the_function_the_same_table_and_report_from_a_folder_and_from_a_bucket(
        bool inBucket
    )
    {
        await using var database = await server.CreateDatabaseAsync(migrated: false);
        await using var bucket = await Bucket.CreateAsync(moto);
        using var folder = new TempFolder();
        (await FollowAsync(folder, database, end: "## 4. ")).ExitCode.ShouldBe(0);
        var own = folder["extensions"];
        foreach (var path in Directory.GetFiles(own, "*", SearchOption.AllDirectories))
        {
            await bucket.PutAsync($"own/{Path.GetRelativePath(own, path)}", await File.ReadAllBytesAsync(path));
        }

        await using var host = LambdaProcess.StartWith([
            ("ETL__EXTENSIONS__DIRECTORY", inBucket ? $"s3://{bucket.Name}/own" : own),
            ("ETL__SOURCE__URI", folder["in"]),
            ("ETL__LAKE__URI", folder["lake"]),
            ("ETL__POSTGRES__CONNECTIONSTRING", database.ConnectionString),
            ("ETL__QUALITY__MAXREJECTEDPERCENT", "50"),
            .. CloudPlace.EnvironmentOf(bucket.Moto).Select(e => (e.Key, e.Value)),
        ]);
        await host.SucceedAsync("""{"scheduledTime":"2025-06-30T03:00:00Z","executionId":"e-1"}""");

        var latest = Path.Combine(folder["lake"], "analytics_export", "latest");
        (await File.ReadAllTextAsync(Path.Combine(latest, "returns_by_month.csv"))).ShouldBe(
            "return_month,returns,refund\n2025-01-01,2,11.15\n"
        );
        await ShouldHaveTheTableAsync(Path.Combine(latest, "report.html"));
    }

    [Fact]
    public async Task The_guide_of_nine_files_goes_from_a_template_to_the_exported_table_and_the_report()
    {
        CitusCluster.Excludes("the mart of the guide joins datasets by columns that do not distribute them");
        await using var database = await server.CreateDatabaseAsync(migrated: false);
        using var folder = new TempFolder();
        var files = new NineFiles();
        files.Write(folder["in"]);

        var done = await FollowAsync(folder, database, guide: "orders-from-several-files.md");

        done.ExitCode.ShouldBe(0, $"{done.Out}{done.Error}");
        done.Out.ShouldContain("13 files: all statements run on empty tables");
        done.Out.ShouldContain($"category,lines,revenue\n{string.Join('\n', files.Categories)}\n");
        done.Out.ShouldContain("models/orders.sql", Case.Sensitive);
    }

    /// <summary>Types the commands of a guide, up to a heading, and writes its files.</summary>
    private static async Task<EtlProcess> FollowAsync(
        TempFolder folder,
        TestDatabase database,
        string? end = null,
        string guide = "extend-without-code.md"
    )
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "guides", guide));
        var script = new StringBuilder(Begin);
        script.AppendLine($"export ETL__POSTGRES__CONNECTIONSTRING='{database.ConnectionString}'");
        foreach (var block in Block().Matches(end is null ? text : text.Split(end)[0]).ToList())
        {
            // A file that the guide shows replaces a template, or is new.
            var file = block.Groups["file"].Value;
            var first = block.Groups["replaces"].Success
                ? $"test -s {file}"
                : $"mkdir -p {Path.GetDirectoryName(file)}";
            script.AppendLine(
                file.Length > 0
                    ? $"{first}\ncat > {file} <<'END'\n{block.Groups["body"].Value}END"
                    : block.Groups["body"].Value
            );
        }

        return await EtlProcess.RunFromAsync(script.ToString(), folder.Root);
    }

    private static async Task ShouldHaveTheTableAsync(string report)
    {
        var html = await File.ReadAllTextAsync(report);
        new[] { "returns.csv", "returns_by_month" }.ShouldAllBe(t => html.Contains(t));
    }

    [GeneratedRegex(
        @"(((?<replaces>Replace the contents)|Contents) of `(?<file>[^`]+)`:\n\n```(json|sql file)|^```sh)\n(?<body>.*?)^```$",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Block();
}
