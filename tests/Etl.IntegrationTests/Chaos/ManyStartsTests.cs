using System.Globalization;
using Etl.Application.Runs;
using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Chaos;

/// <summary>Of many starts of a day at once, one runs and one message is sent.</summary>
public sealed class ManyStartsTests(PostgresServer server, ITestOutputHelper output)
{
    [Fact]
    public async Task Of_many_processes_started_at_once_one_succeeds_and_one_message_is_sent()
    {
        var many = Environment.GetEnvironmentVariable("ETL_STARTS") is { Length: > 0 } count
            ? int.Parse(count, CultureInfo.InvariantCulture)
            : 8;
        await using var place = await Workplace.CreateAsync(server);

        var ended = await Task.WhenAll(Enumerable.Range(0, many).Select(_ => place.RunAsync()));

        var said = ended.Select(e => (e.Json.GetProperty("status").GetString()!, e.ExitCode)).ToList();
        await CheckAsync(place, said);
    }

    [Fact]
    public async Task Of_fifty_pipelines_started_at_once_one_succeeds_and_one_message_is_sent()
    {
        await using var place = await Workplace.CreateAsync(server);
        var hosts = Enumerable.Range(0, 50).Select(_ => new Hosted(place)).ToList();

        var ended = await Task.WhenAll(hosts.Select(h => Task.Run(() => h.RunAsync())));

        foreach (var host in hosts)
        {
            await host.DisposeAsync();
        }

        await CheckAsync(place, [.. ended.Select(e => (Snake(e.Status), e.ExitCode))]);
    }

    private async Task CheckAsync(Workplace place, IReadOnlyList<(string Status, int ExitCode)> said)
    {
        output.WriteLine(string.Join(", ", said.GroupBy(s => s).Select(g => $"{g.Count()} {g.Key}")));
        said.Count(s => s == ("succeeded", 0)).ShouldBe(1, string.Join('\n', said));
        string[] allowed = ["succeeded 0", "already_done 0", "in_progress 7"];
        said.Select(s => $"{s.Status} {s.ExitCode}").Except(allowed).ShouldBeEmpty();
        (await place.RowsAsync("(select run_id, status, attempts from etl.runs)")).ShouldBe([
            "(20250630-001,succeeded,1)",
        ]);
        (await place.QueryAsync<long>("select count(*) from staging.orders")).ShouldBe(2000);
        Directory.GetFiles(Path.Combine(place.Lake, "mail")).Length.ShouldBe(1);
        (await place.RowsAsync("(select outcome, attempts from etl.messages)")).ShouldBe(["(success,1)"]);
    }

    private static string Snake(SummaryStatus status) =>
        status switch
        {
            SummaryStatus.Succeeded => "succeeded",
            SummaryStatus.AlreadyDone => "already_done",
            SummaryStatus.InProgress => "in_progress",
            _ => status.ToString(),
        };
}
