using System.Net;
using System.Text.RegularExpressions;
using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Report;

/// <summary><c>etl report</c> on the command line.</summary>
public sealed class ReportVerbTests(ReportedShop shop, PostgresServer server) : IClassFixture<ReportedShop>
{
    [Fact]
    public async Task The_newest_report_is_named_in_text_and_JSON_output()
    {
        var page = new Uri(shop.Page).AbsoluteUri;

        var line = await ReportAsync();
        line.ExitCode.ShouldBe(0, line.Error);
        line.Out.ShouldBe($"report of run 20250630-001: {page}\n");

        var json = await ReportAsync("--json");
        json.ExitCode.ShouldBe(0, json.Error);
        json.Json.EnumerateObject()
            .Select(p => $"{p.Name}={p.Value}")
            .ShouldBe(["status=succeeded", "exitCode=0", "runId=20250630-001", $"report={page}", "error="]);
    }

    [Fact]
    public async Task The_report_of_a_failed_run_is_written_to_a_given_file_and_links_to_no_exports()
    {
        var run = await ReportAsync("--run", "20250629-001", "--out", "failed.html", "--json");

        run.ExitCode.ShouldBe(0, run.Error);
        run.Json.GetProperty("runId").GetString().ShouldBe("20250629-001");
        var file = Path.Combine(shop.Place.Folder, "failed.html");
        run.Json.GetProperty("report").GetString().ShouldBe(new Uri(file).AbsoluteUri);
        var page = await File.ReadAllTextAsync(file);
        page.ShouldContain("Run failed");
        page.ShouldContain("more than the limit");
        page.ShouldNotContain(".csv\">");
    }

    [Fact]
    public async Task Errors_are_exit_2_with_a_next_step()
    {
        var unknown = await ReportAsync("--run", "20250630-009", "--json");
        unknown.ShouldFail(2, "The ledger has no run 20250630-009.");
        unknown.Error.ShouldContain("etl runs");
        var nowhere = await ReportAsync("--out", Path.Combine("none", "report.html"), "--json");
        nowhere.ShouldFail(2, "Could not write " + Path.Combine(shop.Place.Folder, "none", "report.html"));
        nowhere.Error.ShouldContain("--out");
        var folder = await ReportAsync("--out", shop.Place.Folder, "--json");
        folder.ShouldFail(2, $"Could not write {shop.Place.Folder}.");

        await using var empty = await Workplace.CreateAsync(server, migrated: true);
        var none = await EtlProcess.RunAsync(empty.Folder, "report", "--connection", empty.Connection, "--json");
        none.ShouldFail(2, "The ledger has no run yet.");
    }

    [Fact]
    public async Task A_missing_report_is_written_beside_the_exports_and_recorded()
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        (await place.RunAsync()).ExitCode.ShouldBe(0);
        var run = Path.Combine(place.Lake, "analytics_export", $"business_date={Workplace.Day}", "run=20250630-001");
        File.Delete(Path.Combine(run, "report.html"));
        await place.Database.ExecuteAsync("update etl.runs set report_uri = null");
        string[] ask = ["report", "--connection", place.Connection, "--json"];

        (await EtlProcess.RunAsync(place.Folder, ask)).ShouldFail(2, "Etl:Lake:Uri");
        var made = await EtlProcess.RunAsync(place.Folder, [.. ask, "--lake", place.Lake]);
        var known = await EtlProcess.RunAsync(place.Folder, ask);

        made.ExitCode.ShouldBe(0, made.Error);
        (await File.ReadAllTextAsync(Path.Combine(run, "report.html"))).ShouldContain("Run succeeded");
        known.Json.GetProperty("report").GetString().ShouldBe(made.Json.GetProperty("report").GetString());
    }

    [Theory]
    [InlineData("Points", "review_points desc, reviews desc, product_id")]
    [InlineData("Count", "reviews desc, review_points desc, product_id")]
    public async Task Products_are_ranked_by_the_setting(string rankBy, string order)
    {
        var other = order.StartsWith("reviews", StringComparison.Ordinal) ? "review_points" : "reviews";
        var wanted = await FirstAsync(order);
        wanted.ShouldNotBe(await FirstAsync($"{other} desc, product_id"));

        var run = await ReportAsync("--out", "ranking.html", $"--Etl:Analytics:RankBy={rankBy}");

        run.ExitCode.ShouldBe(0, run.Error);
        var page = await File.ReadAllTextAsync(Path.Combine(shop.Place.Folder, "ranking.html"));
        var ranking = page[page.IndexOf("id=\"products\"", StringComparison.Ordinal)..];
        Regex
            .Matches(ranking, "data-product=\"(\\d+)\"")
            .Select(m => long.Parse(m.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture))
            .ShouldBe(wanted);
        WebUtility.HtmlDecode(ranking).ShouldContain(ReportedShop.HostileName);
        ranking.ShouldNotContain("<script");
    }

    private Task<long[]> FirstAsync(string order) =>
        shop.Place.QueryAsync<long[]>(
            $"select array_agg(product_id) from (select product_id from analytics.product_performance order by {order} limit 10) p"
        );

    private Task<EtlProcess> ReportAsync(params string[] more) =>
        EtlProcess.RunAsync(shop.Place.Folder, ["report", "--connection", shop.Place.Connection, .. more]);
}
