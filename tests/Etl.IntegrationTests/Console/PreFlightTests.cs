using Etl.IntegrationTests.Chaos;
using Etl.TestKit;
using Npgsql;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Console;

/// <summary>
/// What would stop a run is named by the first of check, plan and doctor whose depth covers it, and by those after it.
/// </summary>
public sealed class PreFlightTests(PostgresServer server)
{
    private static readonly string[] Verbs = ["check", "plan", "doctor"];

    [Fact]
    public async Task Without_a_problem_only_doctor_says_that_a_run_would_work_and_leaves_nothing()
    {
        await using var place = await PlaceAsync(migrated: true);

        var texts = new List<string>();
        foreach (var verb in Verbs)
        {
            texts.Add((await VerbAsync(place, verb, json: false)).Out);
        }

        texts
            .Select(t => t.Contains("A run would work: 0 errors", StringComparison.Ordinal))
            .ShouldBe([false, false, true]);
        texts[0].ShouldContain("Not examined: database,");
        texts[1].ShouldContain("Not examined: DDL, lake write, notifier (see `etl doctor`)");
        texts[2].ShouldNotContain("Not examined");
        Directory.GetFileSystemEntries(place.Folder).ShouldBe([place.Source]);
        (await place.RowsAsync("(select nspname from pg_namespace where nspname ~ 'trial')")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(
        "dim_products.csv",
        "product_id,product_category,product_name\n0,a,b\n",
        "dim_products.csv, line 2: product_id is '0'"
    )]
    [InlineData("dim_dates.csv", "calendar_dt,day_of_the_week_num,working_day\n2025-06-29,0,f\n", "Sunday is 7")]
    public async Task A_bad_file_beside_the_sources_is_named_by_check(string name, string text, string problem)
    {
        await using var place = await PlaceAsync();
        await File.WriteAllTextAsync(place.SourceFile(name), text);

        await ShouldNameAsync(place, first: "check", exitCode: 3, problem);

        (await place.RunAsync()).ShouldFail(3, problem);
    }

    [Fact]
    public async Task A_product_that_is_listed_again_is_a_warning_of_every_verb()
    {
        await using var place = await PlaceAsync(migrated: true);
        await File.WriteAllTextAsync(
            place.SourceFile("dim_products.csv"),
            "product_id,product_name\n1,Lamp\n1,Light\n"
        );

        foreach (var verb in Verbs)
        {
            var answer = await VerbAsync(place, verb, json: false);
            answer.ExitCode.ShouldBe(0, answer.Error);
        }

        (await VerbAsync(place, "check", json: false)).Out.ShouldContain(
            "1 product listed more than once in dim_products.csv; the first name is used."
        );
        var run = await place.RunAsync();
        run.ExitCode.ShouldBe(0, run.Error);
        run.Out.ShouldContain("products listed more than once");
    }

    [Theory]
    [InlineData(
        "alter table store.orders add column loaded_at timestamptz default now()",
        "Table store.orders has the column loaded_at"
    )]
    [InlineData("drop view staging.orders; create table staging.orders (id int)", "A table named staging.orders is in")]
    [InlineData("drop view staging.orders; create view staging.orders as select 1 as x", "A view named staging.orders")]
    public async Task A_table_in_the_way_is_named_by_plan(string change, string problem)
    {
        await using var place = await PlaceAsync(migrated: true);
        await place.Database.ExecuteAsync(change);

        await ShouldNameAsync(place, first: "plan", exitCode: 5, problem);

        (await place.RunAsync()).ShouldFail(5, problem);
    }

    [Fact]
    public async Task Missing_ownership_and_privileges_are_named_by_plan()
    {
        await using var place = await PlaceAsync(migrated: true);
        await place.Database.ExecuteAsync(
            """
            drop role if exists etl_poor; create role etl_poor login;
            do $$ begin execute format('grant create on database %I to etl_poor', current_database()); end $$;
            grant usage on schema etl, staging, store, analytics to etl_poor;
            grant all on all tables in schema etl, staging, store, analytics to etl_poor;
            """
        );
        var poor = new NpgsqlConnectionStringBuilder(place.Connection) { Username = "etl_poor" }.ConnectionString;

        await ShouldNameAsync(place, first: "plan", exitCode: 5, "ownership of store.orders", poor);
        await place.Database.ExecuteAsync("revoke insert on analytics.daily_orders from etl_poor");
        await ShouldNameAsync(place, first: "plan", exitCode: 5, "insert on analytics.daily_orders", poor);
    }

    [Theory]
    [InlineData("LATIN1")]
    [InlineData("EUC_JP")]
    public async Task An_encoding_that_lacks_characters_is_named_by_plan(string encoding)
    {
        await using var place = await PlaceAsync();
        var name = $"encoding_{encoding.ToLowerInvariant()}";
        await place.Database.ExecuteAsync(
            $"create database {name} encoding '{encoding}' lc_collate 'C' lc_ctype 'C' template template0"
        );
        var other = new NpgsqlConnectionStringBuilder(place.Connection) { Database = name }.ConnectionString;

        await ShouldNameAsync(place, first: "plan", exitCode: 5, $"The encoding of the database is {encoding}", other);

        (await place.RunOnAsync(other)).ShouldFail(5, encoding);
        await place.Database.ExecuteAsync($"drop database {name} with (force)");
    }

    [Fact]
    public async Task A_trigger_that_refuses_ddl_is_named_by_doctor()
    {
        await using var place = await PlaceAsync(migrated: true);
        await place.Database.ExecuteAsync(
            """
            create function noddl() returns event_trigger language plpgsql as $$
              begin raise exception 'DDL is frozen, ask the DBA'; end $$;
            create event trigger noddl on ddl_command_start execute function noddl();
            """
        );

        await ShouldNameAsync(place, first: "doctor", exitCode: 5, "DDL is frozen, ask the DBA");

        (await place.RunAsync()).ShouldFail(5, "DDL is frozen, ask the DBA");
    }

    [Fact]
    public async Task A_lake_below_a_file_is_named_by_plan_and_a_full_disk_by_doctor()
    {
        await using var place = await PlaceAsync(migrated: true);
        await File.WriteAllTextAsync(place.Lake, "a file");
        await ShouldNameAsync(place, first: "plan", exitCode: 6, place.Lake);
        File.Delete(place.Lake);

        using var disk = SmallDisk.Mount("16k");
        string[] line = ["doctor", "--source", place.Source, "--lake", disk.Folder, "--connection", place.Connection];
        var doctor = await EtlProcess.RunAsync(place.Folder, [.. line, "--json"]);
        doctor.ExitCode.ShouldBe(6, doctor.Out);
        Directory.GetFileSystemEntries(disk.Folder).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_time_zone_that_the_server_does_not_know_is_named_by_plan()
    {
        await using var place = await PlaceAsync(migrated: true);

        await ShouldNameAsync(place, "plan", exitCode: 5, "TimeZone", $"{place.Connection};Timezone=Nowhere/None");
    }

    private Task<Workplace> PlaceAsync(bool migrated = false) => Workplace.CreateAsync(server, migrated: migrated);

    private static async Task ShouldNameAsync(
        Workplace place,
        string first,
        int exitCode,
        string problem,
        string? connection = null
    )
    {
        foreach (var verb in Verbs)
        {
            var result = await VerbAsync(place, verb, json: true, connection);
            var covered = Array.IndexOf(Verbs, verb) >= Array.IndexOf(Verbs, first);
            result.ExitCode.ShouldBe(covered ? exitCode : 0, $"{verb}: {result.Out}\n{result.Error}");
            result.Out.Contains(problem, StringComparison.Ordinal).ShouldBe(covered, $"{verb}: {result.Out}");
        }
    }

    private static Task<EtlProcess> VerbAsync(Workplace place, string verb, bool json, string? connection = null)
    {
        string[] more = verb == "check" ? [] : ["--lake", place.Lake, "--connection", connection ?? place.Connection];
        string[] date = ["--date", Workplace.Day];
        return EtlProcess.RunAsync(
            place.Folder,
            [verb, "--source", place.Source, .. date, .. more, .. json ? ["--json"] : Array.Empty<string>()]
        );
    }
}
