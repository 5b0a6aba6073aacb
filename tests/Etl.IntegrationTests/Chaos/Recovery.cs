using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Shouldly;

namespace Etl.IntegrationTests.Chaos;

/// <summary>What must hold after every exception: nothing was published, nothing is lost, and a rerun makes it good.</summary>
internal static class Recovery
{
    private static Task<SortedDictionary<string, string>>? undisturbed;

    /// <summary>What an undisturbed run of the small shop leaves.</summary>
    public static Task<SortedDictionary<string, string>> UndisturbedAsync(PostgresServer server) =>
        LazyInitializer.EnsureInitialized(ref undisturbed, () => MakeAsync(server));

    /// <summary>A plain rerun succeeds, and leaves the data that a run leaves to which nothing happened.</summary>
    public static async Task ShouldRecoverAsync(this Workplace place, PostgresServer server, params string[] more)
    {
        var again = await place.RunAsync(more);
        again.ExitCode.ShouldBe(0, again.Error);
        await place.ShouldHoldTheDayAsync(server);
    }

    /// <summary>Rows and exports are the undisturbed ones; no schema of a run that nobody needs is left.</summary>
    public static async Task ShouldHoldTheDayAsync(this Workplace place, PostgresServer server)
    {
        Traces.Differences(await UndisturbedAsync(server), await Traces.DataOfAsync(place)).ShouldBeEmpty();
        (await place.QueryAsync<long>("select count(*) from etl.runs where status = 'succeeded'")).ShouldBe(1);
        (await place.QueryAsync<long>("select count(*) from etl.runs where lease_owner is not null")).ShouldBe(0);
        (await place.QueryAsync<long>("select count(*) from etl.messages where sent_at is null")).ShouldBe(0);
        (await place.QueryAsync<long>("select count(*) from pg_namespace where nspname ~ '^run_'")).ShouldBe(1);
    }

    public static async Task ShouldHaveNothingPublishedAsync(this Workplace place)
    {
        (await place.QueryAsync<long>("select count(*) from staging.orders")).ShouldBe(0);
        (await place.QueryAsync<long>("select count(*) from analytics.daily_orders")).ShouldBe(0);
        (await place.QueryAsync<long>("select count(*) from etl.runs where published_at is not null")).ShouldBe(0);
    }

    /// <summary>Sets something for every session of the run's database that begins from here on.</summary>
    public static async Task AlterDatabaseAsync(this Workplace place, string change)
    {
        var name = await place.QueryAsync<string>("select quote_ident(current_database())::text");
        await place.ExecuteAsync($"alter database {name} {change}");
    }

    public static async Task ExecuteAsync(this Workplace place, string sql)
    {
        await using var command = place.Database.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<SortedDictionary<string, string>> MakeAsync(PostgresServer server)
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        await using var host = new Hosted(place);
        (await host.RunAsync()).ExitCode.ShouldBe(0);
        return await Traces.DataOfAsync(place);
    }
}
