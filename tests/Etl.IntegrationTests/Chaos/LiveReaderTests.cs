using System.Diagnostics;
using Etl.Application.Runs;
using Etl.Hosts.Console.Samples;
using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Npgsql;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Chaos;

/// <summary>
/// Readers query during runs with two alternating inputs: each result belongs to one run.
/// </summary>
public sealed class LiveReaderTests(PostgresServer server, ITestOutputHelper output)
{
    private const int Runs = 20;

    /// <summary>
    /// The visible runs, then the numbers of orders, reviews and shipments in staging and in each analytics table.
    /// </summary>
    private const string Staging = """
        select string_agg(distinct run_id, ' '), count(distinct run_id),
          count(*) filter (where t = 'o'), count(*) filter (where t = 'r'), count(*) filter (where t = 's')
        from (select run_id, 'o' as t from staging.orders union all select run_id, 'r' from staging.reviews
          union all select run_id, 's' from staging.shipments) u
        """;

    private const string Analytics = """
        select (select sum(orders) from analytics.product_performance)::bigint,
          (select sum(orders) from analytics.daily_orders)::bigint,
          (select sum(reviews) from analytics.product_performance)::bigint,
          (select sum(shipments) from analytics.shipment_status)::bigint
        """;

    private const string DayTables = """
        select (select count(*) from analytics.agg_public_holiday), (select count(*) from analytics.agg_shipments),
          (select count(*) from analytics.best_performing_product)
        """;

    [Fact]
    public async Task Readers_never_see_a_mix_of_runs_nor_an_empty_table_nor_an_error()
    {
        using var folder = new TempFolder();
        SampleWriter.Write(new SampleOptions(folder["a"], Orders: 2000), default);
        SampleWriter.Write(new SampleOptions(folder["b"], Orders: 3000, Seed: 2), default);
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        await using var a = new Hosted(place, folder["a"], settings: ("Quality:OnShrunk", "Allow"));
        await using var b = new Hosted(place, folder["b"]);
        (await a.RunAsync("2025-06-01")).Status.ShouldBe(SummaryStatus.Succeeded);

        using var stop = new CancellationTokenSource();
        Func<NpgsqlConnection, Task<string?>>[] ways = [OneStatementAsync, OneSnapshotAsync, SeparateAsync];
        var readers = ways.Select(w => Task.Run(() => PollAsync(place, w, stop.Token))).ToList();
        for (var run = 1; run <= Runs; run++)
        {
            // Every second run replaces the previous day's run; the others begin a new day.
            var day = new DateOnly(2025, 6, 1).AddDays(run / 2).ToString("yyyy-MM-dd", null);
            var summary = await (run % 2 == 1 ? b : a).RunAsync(day, force: run % 2 == 1);
            summary.Status.ShouldBe(SummaryStatus.Succeeded, summary.Error?.Message);
        }

        await stop.CancelAsync();
        var seen = await Task.WhenAll(readers);

        seen.SelectMany(s => s.Wrong).ShouldBeEmpty();
        seen.ShouldAllBe(s => s.Reads > 0);
        var longest = seen.Max(s => s.Longest).TotalMilliseconds;
        output.WriteLine($"{seen.Sum(s => s.Reads)} reads over {Runs} runs; the longest took {longest:0} ms");
    }

    private static async Task<(int Reads, TimeSpan Longest, List<string> Wrong)> PollAsync(
        Workplace place,
        Func<NpgsqlConnection, Task<string?>> read,
        CancellationToken stop
    )
    {
        var (reads, longest, wrong) = (0, TimeSpan.Zero, new List<string>());
        await using var connection = await place.Database.DataSource.OpenConnectionAsync(CancellationToken.None);
        while (!stop.IsCancellationRequested)
        {
            var begun = Stopwatch.GetTimestamp();
            if (await read(connection) is { } finding)
            {
                wrong.Add(finding);
            }

            reads++;
            longest = TimeSpan.FromTicks(Math.Max(longest.Ticks, Stopwatch.GetElapsedTime(begun).Ticks));
        }

        return (reads, longest, wrong);
    }

    private static async Task<string?> OneStatementAsync(NpgsqlConnection connection)
    {
        var row = await RowAsync(connection, $"select * from ({Staging}) s, ({Analytics}) a, ({DayTables}) d");
        return IsOneRun(row) && IsOneInput(row[2..9]) && HasItsDays(row[9..]) && Belongs(row)
            ? null
            : $"one statement: {string.Join(", ", row)}";
    }

    private static async Task<string?> OneSnapshotAsync(NpgsqlConnection connection)
    {
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        object[] row =
        [
            .. await RowAsync(connection, Staging),
            .. await RowAsync(connection, Analytics),
            .. await RowAsync(connection, DayTables),
        ];
        return IsOneRun(row) && IsOneInput(row[2..9]) && HasItsDays(row[9..]) && Belongs(row)
            ? null
            : $"one snapshot: {string.Join(", ", row)}";
    }

    /// <summary>Single statements: a publish can occur between two statements but not within one.</summary>
    private static async Task<string?> SeparateAsync(NpgsqlConnection connection)
    {
        var staging = await RowAsync(connection, Staging);
        var analytics = await RowAsync(connection, Analytics);
        var days = await RowAsync(connection, DayTables);
        return
            IsOneRun(staging)
            && IsOneInput(staging[2..])
            && HasItsDays(days)
            && analytics[0].Equals(analytics[1])
            && analytics[0] is 2000L or 3000L
            ? null
            : $"separate: {string.Join(", ", staging.Concat(analytics).Concat(days))}";
    }

    private static bool IsOneRun(object[] row) => row[1] is 1L;

    /// <summary>Either input a (2000 orders, 1000 reviews, 2000 shipments) or input b (3000, 1500, 3000).</summary>
    private static bool IsOneInput(object[] counts)
    {
        long[] a = [2000, 1000, 2000, 2000, 2000, 1000, 2000];
        long[] b = [3000, 1500, 3000, 3000, 3000, 1500, 3000];
        var found = counts.Cast<long>().ToList();
        return found.SequenceEqual(a.Take(found.Count)) || found.SequenceEqual(b.Take(found.Count));
    }

    /// <summary>Tables with one row per day have a row for each day that ran.</summary>
    private static bool HasItsDays(object[] days) => days.Distinct().Count() == 1 && days[0] is >= 1L;

    /// <summary>Input b is always the second run of a day.</summary>
    private static bool Belongs(object[] row) =>
        ((string)row[0]).EndsWith("-002", StringComparison.Ordinal) == row[2] is 3000L;

    private static async Task<object[]> RowAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        var row = new object[reader.FieldCount];
        reader.GetValues(row);
        return row;
    }
}
