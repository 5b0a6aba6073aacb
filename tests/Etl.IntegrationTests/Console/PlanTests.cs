using System.Diagnostics;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Console;

/// <summary>A plan and the doctor report what a run would find, and change nothing.</summary>
public sealed class PlanTests(PostgresServer server)
{
    [Fact]
    public async Task Before_the_first_run_a_plan_lists_what_would_be_created_and_creates_nothing()
    {
        await using var place = await Workplace.CreateAsync(server);
        var before = await StateAsync(place);
        var plan = await PlanAsync(place);
        plan.ExitCode.ShouldBe(0, plan.Error);
        Text(plan, "decision").ShouldBe("begin");
        Text(plan, "runId").ShouldBe("20250630-001");
        plan.Json.GetProperty("migrations").GetArrayLength().ShouldBeGreaterThan(0);
        plan.Json.GetProperty("exports").GetArrayLength().ShouldBe(8);
        var doctor = await DoctorAsync(place);
        doctor.ExitCode.ShouldBe(0, doctor.Error);
        (await StateAsync(place)).ShouldBe(before);
    }

    [Fact]
    public async Task After_a_run_a_plan_reports_already_done_the_effect_of_force_and_the_next_day()
    {
        await using var place = await Workplace.CreateAsync(server);
        (await place.RunAsync()).ExitCode.ShouldBe(0);
        var before = await StateAsync(place);
        var done = await PlanAsync(place);
        done.ExitCode.ShouldBe(0, done.Error);
        Text(done, "status").ShouldBe("already_done");
        var forced = await PlanAsync(place, "--force");
        Text(forced, "runId").ShouldBe("20250630-002");
        Text(forced, "before").ShouldBe("20250630-001");
        var next = await PlanAsync(place, "--date", "2025-07-01", "--Etl:Quality:OnUnchanged=Fail");
        next.ExitCode.ShouldBe(3, next.Error);
        next.Json.GetProperty("error").GetProperty("code").GetString().ShouldBe("source_unchanged");
        (await DoctorAsync(place)).ExitCode.ShouldBe(0);
        (await StateAsync(place)).ShouldBe(before);
    }

    [Fact]
    public async Task A_database_user_without_rights_is_reported_before_the_run()
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        await place.Database.ExecuteAsync("drop role if exists etl_nobody; create role etl_nobody login");
        var poor = new Npgsql.NpgsqlConnectionStringBuilder(place.Connection)
        {
            Username = "etl_nobody",
        }.ConnectionString;
        string[] line = ["doctor", "--source", place.Source, "--lake", place.Lake, "--connection", poor, "--json"];
        var doctor = await EtlProcess.RunAsync(place.Folder, line);
        doctor.ExitCode.ShouldBe(5, doctor.Out);
        doctor.Json.GetProperty("error").GetProperty("message").GetString()!.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task The_documents_of_all_states_of_a_run_fit_the_schemas()
    {
        await using var place = await Workplace.CreateAsync(server);
        EndsAs("succeeded", await place.RunAsync());
        EndsAs("already_done", await place.RunAsync());
        EndsAs("failed", await place.RunAsync("--date", "2025-07-01", "--Etl:Quality:OnUnchanged=Fail"));
        string[] connection = ["--json", "--connection", place.Connection];
        foreach (
            var (schema, line) in new (string, string[])[]
            {
                ("runs", ["runs"]),
                ("history", ["runs", "show", "20250630-001"]),
                ("history", ["runs", "show", "20250701-001"]),
                ("cost", ["runs", "cost"]),
                ("quarantine-list", ["quarantine", "list"]),
                ("migrate", ["migrate"]),
            }
        )
        {
            Fits(schema, await EtlProcess.RunAsync(place.Folder, [.. line, .. connection]));
        }
    }

    [Fact]
    public async Task A_blocked_run_and_a_stopped_run_fit_the_schema()
    {
        await using var place = await Workplace.CreateAsync(server);
        (await place.RunAsync("--date", "2025-06-28")).ExitCode.ShouldBe(0);
        await using var holder = await place.HoldAsync("lock table analytics.daily_orders in share mode");
        EtlProcess? second = null;
        EtlProcess? plan = null;
        var first = await EtlProcess.RunAsync(place.Folder, StopAsync, place.RunLine());
        first.ExitCode.ShouldBe(8, first.Error);
        EndsAs("cancelled", first);
        second!.ExitCode.ShouldBe(7, second.Error);
        EndsAs("in_progress", second);
        plan!.ExitCode.ShouldBe(7, plan.Error);
        Text(plan, "status").ShouldBe("in_progress");

        async Task StopAsync(Process process)
        {
            const string Waiting =
                "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()";
            while (!process.HasExited && await place.QueryAsync<long>(Waiting) == 0)
            {
                await Task.Yield();
            }

            second = await place.RunAsync();
            plan = await PlanAsync(place);
            using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
            await kill.WaitForExitAsync();
        }
    }

    private static async Task<EtlProcess> PlanAsync(Workplace place, params string[] more)
    {
        var plan = await EtlProcess.RunAsync(place.Folder, ["plan", .. place.RunLine(more)[1..]]);
        Fits("plan", plan);
        return plan;
    }

    private static async Task<EtlProcess> DoctorAsync(Workplace place)
    {
        string[] line = ["doctor", "--source", place.Source, "--lake", place.Lake];
        var doctor = await EtlProcess.RunAsync(place.Folder, [.. line, "--connection", place.Connection, "--json"]);
        Fits("doctor", doctor);
        return doctor;
    }

    private static void EndsAs(string status, EtlProcess run)
    {
        Fits("run", run);
        Text(run, "status").ShouldBe(status);
    }

    private static void Fits(string schema, EtlProcess process) =>
        JsonSchema.OfDocs.Violations(schema, process.Json).ShouldBeEmpty(process.Out);

    private static string? Text(EtlProcess process, string name) => process.Json.GetProperty(name).GetString();

    /// <summary>Every schema, relation and row of the database, and every file below the folder.</summary>
    private static async Task<string> StateAsync(Workplace place)
    {
        var tables = await place.Database.QueryAsync(
            """
            select format('%I.%I', n.nspname, c.relname)
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_'
            order by 1
            """
        );
        var state = new List<string>(
            await place.Database.QueryAsync("select nspname::text from pg_namespace order by 1")
        );
        foreach (var table in tables)
        {
            state.Add($"{table} {string.Join(';', await place.RowsAsync(table))}");
        }

        foreach (var file in Directory.GetFileSystemEntries(place.Folder, "*", SearchOption.AllDirectories).Order())
        {
            // A trial of doctor changes the time of the lake's folder.
            state.Add(Directory.Exists(file) ? file : $"{file} {File.GetLastWriteTimeUtc(file):O}");
        }

        return string.Join('\n', state);
    }
}
