using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Hosts.Console.Samples;
using Etl.Infrastructure.Ledger;
using Etl.Infrastructure.Stage;
using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Chaos;

/// <summary>Runs whose tables are filled by several sessions, and what happens when one of them, or the process, is lost.</summary>
public sealed class LoadStreamTests
{
    /// <summary>Makes the commit of the session fail that has one of the orders.</summary>
    private const string Refuse = """
        create schema chaos;
        create function chaos.refuse() returns trigger language plpgsql as
        $$ begin raise exception 'refused at the commit'; end $$;
        create function chaos.refuse_later() returns event_trigger language plpgsql as
        $$ declare made text;
        begin
          for made in select object_identity from pg_event_trigger_ddl_commands()
            where object_identity ~ '^run_[0-9_]+\.orders$'
          loop
            execute format('create constraint trigger refuse after insert on %s deferrable initially deferred '
              'for each row when (new.order_id = ORDER) execute function chaos.refuse()', made);
          end loop;
        end $$;
        create event trigger refuse on ddl_command_end when tag in ('CREATE TABLE')
          execute function chaos.refuse_later();
        """;

    /// <summary>The sessions that have added rows to the orders and have not ended their transactions.</summary>
    private const string Loading = """
        select distinct pid from pg_locks
        where relation = 'run_20250630_001.orders'::regclass and mode = 'RowExclusiveLock'
        """;

    private const string CountLoading = $"select count(*) from ({Loading}) as loading";

    private readonly PostgresServer server;

    public LoadStreamTests(PostgresServer server)
    {
        CitusCluster.Excludes("a file is loaded by one session");
        this.server = server;
    }

    [Fact]
    public async Task A_run_by_four_sessions_leaves_what_one_session_leaves()
    {
        using var folder = new TempFolder();
        SampleWriter.Write(new SampleOptions(folder["source"], Orders: 20_000, DirtyPercent: 0.3m), default);
        await using var one = await Workplace.CreateAsync(server, folder["source"], migrated: true);
        await using var four = await Workplace.CreateAsync(server, folder["source"], migrated: true);

        await using (var host = new Hosted(one))
        {
            (await host.RunAsync()).Status.ShouldBe(SummaryStatus.Succeeded);
        }

        await using (var host = ByFour(four))
        {
            (await host.RunAsync()).Status.ShouldBe(SummaryStatus.Succeeded);
        }

        Traces.Differences(await Traces.OfAsync(one), await Traces.OfAsync(four)).ShouldBeEmpty();
        foreach (var dataset in new[] { "orders", "shipments" })
        {
            var sessions = $"select count(distinct xmin::text) from run_20250630_001.{dataset}";
            (await one.QueryAsync<long>(sessions)).ShouldBe(1);
            (await four.QueryAsync<long>(sessions)).ShouldBe(4);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public async Task A_run_that_loses_one_session_fails_with_nothing_left_or_is_repeated(int retries)
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        await using var host = ByFour(place, ("Run:Retries", $"{retries}"));
        await using var brake = await Brake.SetAsync(place.Database, BreakPoint.MiddleOfLoad);
        var running = Task.Run(() => host.RunAsync());
        await brake.ReachedAsync();
        (await place.QueryAsync<long>(CountLoading)).ShouldBe(4);
        // The first session has the row that waits.
        await place.ExecuteAsync(
            $"""
            select pg_terminate_backend(pid) from ({Loading}) as loading(pid)
            where pid not in (select pid from pg_locks where locktype = 'advisory' and not granted) limit 1
            """
        );
        await brake.DisposeAsync();
        var summary = await running;

        if (retries == 0)
        {
            summary.Status.ShouldBe(SummaryStatus.Failed);
            summary.Error!.Code.ShouldBe(ErrorCode.DatabaseUnreachable);
            summary.Error.Retryable.ShouldBeTrue();
            summary.Error.Dataset.ShouldBe("orders");
            summary.Error.Message.ShouldStartWith("Could not load orders: ");
            await place.ShouldHaveNothingPublishedAsync();
            (await host.RunAsync()).Status.ShouldBe(SummaryStatus.Succeeded);
        }
        else
        {
            summary.Status.ShouldBe(SummaryStatus.Succeeded);
        }

        await place.ShouldHoldTheDayAsync(server);
    }

    [Theory]
    [InlineData(1, "cannot ALTER TABLE")]
    [InlineData(1900, "refused at the commit'")]
    public async Task A_session_that_cannot_commit_fails_the_run_with_nothing_left(int order, string reason)
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        await place.ExecuteAsync(Refuse.Replace("ORDER", $"{order}", StringComparison.Ordinal));
        await using var host = ByFour(place, ("Run:Retries", "0"));

        var summary = await host.RunAsync();

        summary.Status.ShouldBe(SummaryStatus.Failed);
        summary.Error!.Dataset.ShouldBe("orders");
        summary.Error.Message.ShouldStartWith($"Could not load orders: PostgreSQL reported '{reason}");
        await place.ShouldHaveNothingPublishedAsync();
        await place.ExecuteAsync("drop event trigger refuse");
        (await host.RunAsync()).Status.ShouldBe(SummaryStatus.Succeeded);
        await place.ShouldHoldTheDayAsync(server);
    }

    [Fact]
    public async Task A_killed_run_by_several_sessions_leaves_what_an_undisturbed_run_leaves()
    {
        using var folder = new TempFolder();
        SampleWriter.Write(new SampleOptions(folder["source"], Orders: 250_000, DirtyPercent: 0.3m), default);
        await using var undisturbed = await Workplace.CreateAsync(server, folder["source"], migrated: true);
        var whole = await undisturbed.RunAsync("--Etl:Postgres:Cores=2");
        whole.ExitCode.ShouldBe(0, whole.Error);
        var expected = await Traces.OfAsync(undisturbed);

        // In the middle all sessions are in their transactions; at the end the further ones have committed.
        foreach (var (point, open) in new[] { (BreakPoint.MiddleOfLoad, 4), (BreakPoint.EndOfLoad, 1) })
        {
            await using var place = await Workplace.CreateAsync(server, folder["source"], migrated: true);
            EtlProcess killed;
            await using (var brake = await Brake.SetAsync(place.Database, point))
            {
                killed = await EtlProcess.RunAsync(
                    place.Folder,
                    async process =>
                    {
                        await brake.ReachedAsync(process);
                        (await place.QueryAsync<long>(CountLoading)).ShouldBe(open, point.Name);
                        process.Kill();
                    },
                    place.RunLine("--Etl:Postgres:Cores=16")
                );
            }

            killed.ExitCode.ShouldBe(137, killed.Error);
            var again = await place.RunAsync("--Etl:Postgres:Cores=16");
            again.ExitCode.ShouldBe(0, again.Error);
            Traces.Differences(expected, await Traces.OfAsync(place)).ShouldBeEmpty(point.Name);
        }
    }

    /// <summary>A host whose server leaves cores idle for each of its files.</summary>
    private static Hosted ByFour(Workplace place, params (string Key, string Value)[] settings) =>
        new(
            place,
            change: services =>
                services.AddSingleton(s => new LoadStreams(
                    s.GetRequiredService<NpgsqlDataSource>(),
                    s.GetRequiredService<LeaseOwner>(),
                    idleCores: 9,
                    largeBytes: 0
                )),
            settings: settings
        );
}
