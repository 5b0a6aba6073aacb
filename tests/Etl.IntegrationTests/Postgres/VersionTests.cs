using System.Globalization;
using Etl.IntegrationTests.Chaos;
using Etl.IntegrationTests.Console;
using Etl.IntegrationTests.Lambda;
using Etl.IntegrationTests.Ledger;
using Etl.IntegrationTests.Publish;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Postgres;

/// <summary>The parts of the pipeline that depend on the server, on later versions of PostgreSQL.</summary>
public sealed class VersionTests(PostgresServer usual, PostgresVersions versions)
{
    public static TheoryData<int> Majors => [16, 17, 18];

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task Migrations_are_applied_once_by_many_hosts(int major)
    {
        var tests = new MigrateTests(versions[major]);
        await tests.An_empty_database_is_migrated_once();
        await tests.Many_hosts_may_migrate_an_empty_database_at_once();
        await using var database = await versions[major].CreateDatabaseAsync(migrated: false);
        var version = await database.QueryAsync("select current_setting('server_version_num')");
        version.Single().ShouldStartWith(major.ToString(CultureInfo.InvariantCulture));
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task The_documented_roles_have_the_privileges_they_need_and_no_more(int major)
    {
        using var tests = new RolesTests(versions[major]);
        await tests.Each_role_has_the_privileges_it_needs_and_no_more("roles first");
        await tests.The_one_role_of_a_deployment_migrates_and_loads_by_itself_and_logs_in_by_token();
        foreach (var file in new[] { "roles.sql", "roles-iam.sql" })
        {
            await using var own = PostgresVersions.Create(major);
            await tests.RolesOfMasterAsync(own, file);
        }
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task The_setup_of_a_deployment_makes_a_database_of_RDS_ready_for_runs(int major)
    {
        await using (var own = PostgresVersions.Create(major))
        {
            await SetupTests.SetUpForTokensAsync(own);
        }

        await using var other = PostgresVersions.Create(major);
        await SetupTests.SetUpForPasswordsAsync(other);
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task A_publish_replaces_the_snapshot_and_keeps_the_previous_days(int major)
    {
        var tests = new PublishTests(versions[major]);
        await tests.The_next_day_replaces_the_snapshot_and_keeps_the_days_before();
        await tests.A_forced_run_supersedes_the_days_run_and_takes_away_what_it_no_longer_has();
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task A_run_that_is_killed_in_its_publish_is_taken_over_and_leaves_the_same_bytes(int major)
    {
        await using var place = await Workplace.CreateAsync(versions[major], migrated: true);
        await using (var brake = await Brake.SetAsync(place.Database, BreakPoint.Publish))
        {
            var killed = await EtlProcess.RunAsync(
                place.Folder,
                async process =>
                {
                    await brake.ReachedAsync(process);
                    process.Kill();
                },
                place.RunLine()
            );
            killed.ExitCode.ShouldBe(137, killed.Error);
        }

        await place.ShouldRecoverAsync(usual);
        (await place.RowsAsync("(select run_id, status, attempts from etl.runs)")).ShouldBe([
            "(20250630-001,succeeded,2)",
        ]);
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task A_whole_day_leaves_the_same_rows_and_exports_as_on_the_usual_version(int major)
    {
        await using var place = await Workplace.CreateAsync(versions[major]);
        var run = await place.RunAsync();
        run.ExitCode.ShouldBe(0, run.Error);
        await place.ShouldHoldTheDayAsync(usual);
    }
}
