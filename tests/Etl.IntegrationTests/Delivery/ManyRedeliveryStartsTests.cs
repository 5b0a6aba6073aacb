using Etl.IntegrationTests.Chaos;
using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Delivery;

/// <summary>Of many starts at once after a redelivery, one notifies or runs.</summary>
public sealed class ManyRedeliveryStartsTests(PostgresServer server)
{
    private const int Starts = 20;

    [Fact]
    public async Task Twenty_starts_at_once_send_one_message()
    {
        await using var place = await RedeliveredAsync();

        var ended = await StartAllAsync(place);

        ended.ShouldAllBe(e => e.Json.GetProperty("status").GetString() == "already_done");
        ended.ShouldAllBe(e => e.Json.GetProperty("sourceChanged").GetBoolean());
        (await place.RowsAsync("(select attempts from etl.messages where outcome = 'redelivered')")).ShouldBe(["(1)"]);
        Directory.GetFiles(Path.Combine(place.Lake, "mail"), "*.redelivered-*").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Twenty_starts_at_once_run_it_again_once()
    {
        await using var place = await RedeliveredAsync();

        var ended = await StartAllAsync(place, "--Etl:Run:OnRedelivery=Rerun");

        ended.Count(e => e.Json.GetProperty("status").GetString() == "succeeded").ShouldBe(1);
        // A start that comes during the run finds it in progress.
        ended.ShouldAllBe(e => e.ExitCode == 0 || e.ExitCode == 7);
        (await place.RowsAsync("(select run_id, status, trigger from etl.runs)")).ShouldBe([
            "(20250630-001,superseded,manual)",
            "(20250630-002,succeeded,redelivery)",
        ]);
        (await place.RowsAsync("(select run_id, replaced_run_id from etl.redeliveries)")).ShouldBe([
            "(20250630-002,20250630-001)",
        ]);
    }

    [Fact]
    public async Task A_killed_run_of_a_redelivery_is_finished_by_the_next_start()
    {
        await using var place = await RedeliveredAsync();
        await using var gate = await place.HoldAsync("lock table analytics.daily_orders in share mode");
        var killed = await EtlProcess.RunAsync(
            place.Folder,
            process => KillAtPublishAsync(place, process),
            place.RunLine("--Etl:Run:OnRedelivery=Rerun")
        );
        killed.ExitCode.ShouldBe(137);
        await gate.DisposeAsync();

        var next = await place.RunAsync("--Etl:Run:OnRedelivery=Rerun");

        next.ExitCode.ShouldBe(0, next.Error);
        next.Json.GetProperty("runId").GetString().ShouldBe("20250630-002");
        next.Json.GetProperty("sourceChanged").GetBoolean().ShouldBeTrue();
        (await place.RowsAsync("(select run_id, status from etl.runs)")).ShouldBe([
            "(20250630-001,superseded)",
            "(20250630-002,succeeded)",
        ]);
    }

    private static async Task KillAtPublishAsync(Workplace place, System.Diagnostics.Process process)
    {
        await Until.TrueAsync(
            async () =>
                await place.QueryAsync<long>(
                    "select count(*) from etl.run_steps where run_id = '20250630-002' and step = 'publish'"
                ) == 1,
            "the run did not reach its publish"
        );
        process.Kill();
    }

    private async Task<Workplace> RedeliveredAsync()
    {
        var place = await Workplace.CreateAsync(server);
        (await place.RunAsync()).ExitCode.ShouldBe(0);
        var path = place.SourceFile("orders.csv");
        await File.WriteAllLinesAsync(path, (await File.ReadAllLinesAsync(path)).SkipLast(1));
        return place;
    }

    private static async Task<IReadOnlyList<EtlProcess>> StartAllAsync(Workplace place, params string[] more) =>
        await Task.WhenAll(Enumerable.Range(0, Starts).Select(_ => place.RunAsync(more)));
}
