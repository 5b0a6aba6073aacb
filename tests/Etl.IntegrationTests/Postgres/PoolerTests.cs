using Etl.IntegrationTests.Chaos;
using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Postgres;

/// <summary>PgBouncer in transaction mode: each transaction can use another session of the server.</summary>
public sealed class PoolerTests(PostgresServer server)
{
    [Fact]
    public async Task A_whole_day_through_a_pooler_leaves_the_same_rows_and_exports()
    {
        await using var place = await Workplace.CreateAsync(server);
        await using var pooler = await PgBouncer.StartAsync(place.Connection);

        var doctor = await VerbAsync(place, pooler, "doctor", "--source", place.Source, "--lake", place.Lake);
        doctor.ExitCode.ShouldBe(0, doctor.Out);
        var run = await place.RunOnAsync(pooler.ConnectionString);
        run.ExitCode.ShouldBe(0, run.Error);
        await place.ShouldHoldTheDayAsync(server);
        (await place.RunOnAsync(pooler.ConnectionString))
            .Json.GetProperty("status")
            .GetString()
            .ShouldBe("already_done");
        var forced = await place.RunOnAsync(pooler.ConnectionString, "--force");
        forced.ExitCode.ShouldBe(0, forced.Error);
        var report = await VerbAsync(place, pooler, "report", "--out", Path.Combine(place.Folder, "r.html"));
        report.ExitCode.ShouldBe(0, report.Out);
    }

    [Theory]
    [InlineData("", "the connection pooler refuses a startup parameter")]
    [InlineData("ignore_startup_parameters = options", "statement_timeout is 0 s instead of")]
    public async Task A_pooler_that_does_not_pass_the_statement_timeout_is_named_by_plan(string setting, string problem)
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        await using var pooler = await PgBouncer.StartAsync(place.Connection, setting);
        string[] line = ["--source", place.Source, "--lake", place.Lake, "--Etl:Postgres:StatementTimeoutSeconds=60"];

        foreach (var verb in new[] { "plan", "doctor" })
        {
            var result = await VerbAsync(place, pooler, verb, line);
            result.ExitCode.ShouldBe(5, result.Out);
            result.Out.ShouldContain(problem);
            result.Out.ShouldContain("alter role");
        }
    }

    private static Task<EtlProcess> VerbAsync(Workplace place, PgBouncer pooler, string verb, params string[] more) =>
        EtlProcess.RunAsync(place.Folder, [verb, .. more, "--connection", pooler.ConnectionString, "--json"]);
}
