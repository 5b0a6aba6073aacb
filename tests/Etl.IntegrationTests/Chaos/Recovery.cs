using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Shouldly;

namespace Etl.IntegrationTests.Chaos;

/// <summary>Assertions after an error: nothing was published, nothing is lost, and a rerun succeeds.</summary>
internal static class Recovery
{
    private static Task<SortedDictionary<string, string>>? undisturbed;

    /// <summary>The results of an undisturbed run of the sample data.</summary>
    public static Task<SortedDictionary<string, string>> UndisturbedAsync(PostgresServer server) =>
        LazyInitializer.EnsureInitialized(ref undisturbed, () => MakeAsync(server));

    /// <summary>A plain rerun succeeds with the data of an undisturbed run.</summary>
    public static async Task ShouldRecoverAsync(this Workplace place, PostgresServer server, params string[] more)
    {
        var again = await place.RunAsync(more);
        again.ExitCode.ShouldBe(0, again.Error);
        await place.ShouldHoldTheDayAsync(server);
    }

    /// <summary>Rows and exports equal those of an undisturbed run, and only the published run has a schema.</summary>
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

    /// <summary>Alters the run's database; new sessions get the setting.</summary>
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
