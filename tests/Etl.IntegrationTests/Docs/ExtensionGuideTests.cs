using System.Text;
using System.Text.RegularExpressions;
using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Docs;

/// <summary>The commands and files of docs/guides/extend-without-code.md, from <c>etl new</c> to the report.</summary>
public sealed partial class ExtensionGuideTests(PostgresServer server)
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
        var guide = await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "docs", "guides", "extend-without-code.md")
        );
        var script = new StringBuilder(Begin);
        script.AppendLine($"export ETL__POSTGRES__CONNECTIONSTRING='{database.ConnectionString}'");
        foreach (var block in Block().Matches(guide).ToList())
        {
            // Each file that the guide shows replaces a template.
            script.AppendLine(
                block.Groups["file"].Success
                    ? $"test -s {block.Groups["file"].Value}\ncat > {block.Groups["file"].Value} <<'END'\n{block.Groups["body"].Value}END"
                    : block.Groups["body"].Value
            );
        }

        var done = await EtlProcess.RunFromAsync(script.ToString(), folder.Root);

        done.ExitCode.ShouldBe(0, $"{done.Out}{done.Error}");
        done.Out.ShouldContain("refund is '900.00', expected an amount");
        done.Out.ShouldContain("here 500.00 or less");
        done.Out.ShouldContain("return_month,returns,refund\n2025-01-01,2,11.15\n");
        done.Out.ShouldContain("3 files: all statements run on empty tables");
        var report = done.Out.TrimEnd().Split(' ', '\n')[^1];
        var html = await File.ReadAllTextAsync(
            Path.Combine(folder.Root, report.Replace("file://", "", StringComparison.Ordinal))
        );
        new[] { "returns.csv", "returns_by_month" }.ShouldAllBe(t => html.Contains(t));
    }

    [GeneratedRegex(
        @"(Replace the contents of `(?<file>[^`]+)`:\n\n)?^```(sh|json|sql file)\n(?<body>.*?)^```$",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Block();
}
