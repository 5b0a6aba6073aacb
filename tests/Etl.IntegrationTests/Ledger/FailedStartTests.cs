using Etl.Application.Notify;
using Etl.Application.Runs;
using Etl.IntegrationTests.Chaos;
using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Ledger;

/// <summary>Starts that find no files, and failures that repeat.</summary>
public sealed class FailedStartTests(PostgresServer server)
{
    private const string Starts = "(select cause, count, repeats, notified from etl.starts)";

    [Fact]
    public async Task Starts_without_files_use_no_run_number_and_send_one_message_and_the_next_success_counts_them()
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        var incoming = Directory.CreateDirectory(Path.Combine(place.Folder, "incoming")).FullName;
        var sent = new SentMessages();
        await using var host = new Hosted(place, incoming, s => s.AddSingleton<INotifier>(sent));

        await Parallel.ForAsync(
            0,
            4,
            async (_, stop) =>
            {
                await using var other = new Hosted(place, incoming, s => s.AddSingleton<INotifier>(sent));
                for (var i = 0; i < 25; i++)
                {
                    var start = await other.RunAsync(cancellationToken: stop);
                    (start.RunId, start.ExitCode).ShouldBe((null, 3));
                }
            }
        );

        sent.Subjects.Single().ShouldStartWith("Etl 2025-06-30 failed: The orders file is missing");
        (await place.RowsAsync(Starts)).ShouldBe(["(source_missing:orders,100,99,t)"]);
        (await place.QueryAsync<long>("select count(*) from etl.runs")).ShouldBe(0);

        foreach (var file in Directory.GetFiles(place.Source))
        {
            File.Copy(file, Path.Combine(incoming, Path.GetFileName(file)));
        }

        var success = await host.RunAsync();
        (success.RunId, success.Status).ShouldBe(("20250630-001", SummaryStatus.Succeeded));
        sent.Subjects.Count.ShouldBe(2);
        sent.Subjects[1].ShouldStartWith("Etl 2025-06-30 recovered");
        sent.Bodies[1].ShouldContain("source_missing:orders: 99");
        (await place.RowsAsync(Starts)).ShouldBe(["(source_missing:orders,100,0,f)"]);
    }

    [Fact]
    public async Task A_missing_folder_uses_no_run_number()
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        await using var host = new Hosted(place, Path.Combine(place.Folder, "none"));
        (await host.RunAsync()).RunId.ShouldBeNull();
        (await place.QueryAsync<long>("select count(*) from etl.runs")).ShouldBe(0);
    }

    [Fact]
    public async Task Runs_that_fail_with_one_cause_send_one_message_and_another_cause_sends_its_own()
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        var sent = new SentMessages();
        await using var host = new Hosted(place, change: s => s.AddSingleton<INotifier>(sent));
        var (orders, reviews) = (place.SourceFile("orders.csv"), place.SourceFile("reviews.csv"));
        var (allOrders, allReviews) = (await File.ReadAllBytesAsync(orders), await File.ReadAllBytesAsync(reviews));

        File.Delete(orders);
        await FailAsync(3);
        await File.WriteAllBytesAsync(orders, allOrders);
        File.Delete(reviews);
        await FailAsync(2);
        await File.WriteAllBytesAsync(reviews, allReviews);
        (await host.RunAsync()).ExitCode.ShouldBe(0);

        sent.Subjects.Count.ShouldBe(3);
        sent.Bodies[1].ShouldContain("source_missing:orders: 2");
        sent.Bodies[2].ShouldContain("source_missing:reviews: 1");
        (await place.QueryAsync<long>("select count(*) from etl.messages where repeated")).ShouldBe(3);

        File.Delete(orders);
        (await host.RunAsync(force: true)).ExitCode.ShouldBe(3);
        sent.Subjects.Count.ShouldBe(4, "a failure after a success is not a repeated one");

        async Task FailAsync(int times)
        {
            for (var i = 0; i < times; i++)
            {
                (await host.RunAsync()).ExitCode.ShouldBe(3);
            }
        }
    }

    [Fact]
    public async Task The_verb_runs_lists_the_failed_starts()
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        Directory.GetFiles(place.Source).ToList().ForEach(File.Delete);
        var start = await place.RunAsync("--json");
        start.ExitCode.ShouldBe(3, start.Error);
        start.Json.GetProperty("runId").GetString().ShouldBeNull();

        var runs = await EtlProcess.RunAsync(place.Folder, "runs", "--connection", place.Connection);
        runs.Out.ShouldContain("2025-06-30        source_missing:orders       1");
        var json = await EtlProcess.RunAsync(place.Folder, "runs", "--json", "--connection", place.Connection);
        json.Json.GetProperty("failedStarts")[0].GetProperty("count").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task A_start_that_waits_until_a_passed_time_is_late()
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        File.Delete(place.SourceFile("orders.csv"));
        (await place.RunAsync("--wait-until", "00:00")).ShouldFail(3, "The delivery of 2025-06-30 is not complete");
        (await place.RunAsync("--wait-until", "noon")).ShouldFail(2, "Etl:Delivery:WaitUntil");
    }

    private sealed class SentMessages : INotifier
    {
        private readonly List<Message> messages = [];

        public List<string> Subjects => [.. messages.Select(m => m.Subject)];

        public List<string> Bodies => [.. messages.Select(m => m.Body)];

        public string Name => "test";

        public Task SendAsync(Message message, CancellationToken cancellationToken)
        {
            lock (messages)
            {
                messages.Add(message);
            }

            return Task.CompletedTask;
        }
    }
}
