using System.Text.RegularExpressions;
using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Docs;

/// <summary>The settings of docs/guides/bring-your-own-files.md load every row of the files beside it.</summary>
public sealed partial class YourFilesTests(PostgresServer server)
{
    private static readonly string Guides = Path.Combine(Repository.Root, "docs", "guides");

    [Theory]
    [InlineData("wholesale", 29, 20)]
    [InlineData("superstore", 30, 30)]
    [InlineData("marketplace", 40, 24)]
    public async Task The_settings_of_the_guide_take_the_files_of_a_shop_to_a_run(
        string shop,
        int orders,
        int shipments
    )
    {
        await using var place = await Workplace.CreateAsync(server);
        var settings = SettingsOf(shop);
        settings.ShouldNotBeEmpty();
        string[] line =
        [
            "run",
            "--source",
            Path.Combine(Guides, "your-files", shop),
            "--lake",
            place.Lake,
            "--date",
            "2025-06-30",
            "--connection",
            place.Connection,
            .. settings,
        ];

        var run = await EtlProcess.RunAsync(place.Folder, line);

        run.ExitCode.ShouldBe(0, run.Error);
        (
            await place.RowsAsync(
                "(select dataset, read, loaded, rejected from etl.run_files where read > 0 order by dataset)"
            )
        ).ShouldBe([$"(orders,{orders},{orders},0)", $"(shipments,{shipments},{shipments},0)"]);
        (
            await place.RowsAsync(
                "(select (select sum(orders) from analytics.daily_orders), (select sum(shipments) from analytics.shipment_status))"
            )
        ).ShouldBe([$"({orders},{shipments})"]);
    }

    /// <summary>The exported variables as settings of the command line.</summary>
    private static IReadOnlyList<string> SettingsOf(string shop)
    {
        var page = File.ReadAllText(Path.Combine(Guides, "bring-your-own-files.md"));
        var block = Block().Matches(page).Single(b => b.Groups["shop"].Value == shop).Groups["lines"].Value;
        return
        [
            .. Export()
                .Matches(block)
                .Select(e =>
                    $"--{e.Groups["name"].Value.Replace("__", ":", StringComparison.Ordinal)}={e.Groups["value"].Value}"
                ),
        ];
    }

    [GeneratedRegex(
        @"```sh settings=(?<shop>\w+)\n(?<lines>.*?)```",
        RegexOptions.Singleline | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Block();

    [GeneratedRegex(@"export (?<name>\w+)='(?<value>[^']*)'", RegexOptions.ExplicitCapture)]
    private static partial Regex Export();
}
