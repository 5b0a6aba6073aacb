using Etl.IntegrationTests.Chaos;
using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Lambda;

/// <summary>What the platform does to a function: starts that fail, deadlines, events twice, the end.</summary>
public sealed class PlatformTests(PostgresServer server)
{
    private const string Event = """{"scheduledTime":"2025-06-30T03:00:00Z","executionId":"e-1"}""";

    [Fact]
    public async Task A_start_with_invalid_settings_reports_all_of_them_and_ends_the_process()
    {
        await using var host = LambdaProcess.StartWith(
            ("ETL__QUALITY__MAXREJECTEDPERCENT", "200"),
            ("ETL__SCHEDULE__TIMEZONE", "Mars/Olympus"),
            ("ETL__LAKE__URL", "s3://lake")
        );

        var (message, exitCode) = await host.FailToStartAsync("Configuration");

        exitCode.ShouldBe(2);
        string[] named =
        [
            "Etl:Source:Uri is not set",
            "Etl:Lake:Uri is not set",
            "Etl:Postgres:ConnectionString is not set",
            "Etl:Quality:MaxRejectedPercent",
            "Etl:Schedule:TimeZone",
            "Unknown setting Etl:Lake:Url",
        ];
        named.Where(n => !message.Contains(n, StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty(message);
        message.ShouldContain("Correct the settings");
        (await host.EndAsync()).Error.ShouldContain("Etl:Schedule:TimeZone");
    }

    [Fact]
    public async Task A_start_that_would_wait_for_a_delivery_is_refused()
    {
        await using var host = LambdaProcess.StartWith(
            ("ETL__SOURCE__URI", Path.GetTempPath()),
            ("ETL__LAKE__URI", Path.GetTempPath()),
            ("ETL__POSTGRES__CONNECTIONSTRING", "Host=127.0.0.1;Username=etl"),
            ("ETL__DELIVERY__WAITUNTIL", "07:30")
        );

        var (message, exitCode) = await host.FailToStartAsync("Configuration");

        exitCode.ShouldBe(2);
        message.ShouldContain("a function cannot wait for a delivery");
    }

    [Fact]
    public async Task A_run_stops_before_the_deadline_and_the_next_invocation_succeeds()
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        await using var host = LambdaProcess.Start(place, ("ETL__RUN__DEADLINEMARGINSECONDS", "50"));
        await host.FailAsync("{}", "Usage"); // the start itself is over
        RuntimeAnswer answer;
        await using (var brake = await Brake.SetAsync(place.Database, BreakPoint.MiddleOfLoad))
        {
            var invocation = host.InvokeAsync(Event, TimeSpan.FromSeconds(60));
            await brake.ReachedAsync(host.Process);
            answer = await invocation;
        }

        answer.ErrorType.ShouldBe(LambdaProcess.TypeOf("Deadline"), answer.Body);
        answer.Left.ShouldBeGreaterThan(TimeSpan.Zero);
        (await place.RowsAsync("(select status, error_code, lease_owner from etl.runs)")).ShouldBe([
            "(timed_out,deadline,)",
        ]);
        await place.ShouldHaveNothingPublishedAsync();
        Mails(place).ShouldBe(["20250630-001.failure.eml"]);
        await place.ExecuteAsync("drop event trigger if exists brake");

        var next = await host.SucceedAsync(Event);

        next.GetProperty("runId").GetString().ShouldBe("20250630-002");
        Mails(place).ShouldBe(["20250630-001.failure.eml", "20250630-002.recovered.eml"]);
    }

    [Fact]
    public async Task A_repeated_event_is_already_done_and_succeeds()
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        await using var host = LambdaProcess.Start(place);

        await host.SucceedAsync(Event);
        var again = await host.SucceedAsync(Event);

        again.GetProperty("status").GetString().ShouldBe("already_done");
        again.GetProperty("runId").GetString().ShouldBe("20250630-001");
        (await place.RowsAsync("(select run_id, attempts from etl.runs)")).ShouldBe(["(20250630-001,1)"]);
        Mails(place).ShouldBe(["20250630-001.success.eml"]);
    }

    [Fact]
    public async Task An_event_in_two_processes_at_the_same_time_makes_one_run()
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        await using var one = LambdaProcess.Start(place);
        await using var two = LambdaProcess.Start(place);
        Task<RuntimeAnswer> first;
        await using (var brake = await Brake.SetAsync(place.Database, BreakPoint.MiddleOfLoad))
        {
            first = one.InvokeAsync(Event);
            await brake.ReachedAsync(one.Process);
            (await two.FailAsync(Event, "InProgress")).ShouldContain("Run 20250630-001 is in progress");
        }

        (await first).Succeeded.ShouldBeTrue();
        (await two.SucceedAsync(Event)).GetProperty("status").GetString().ShouldBe("already_done");
        (await place.RowsAsync("(select run_id, status, attempts from etl.runs)")).ShouldBe([
            "(20250630-001,succeeded,1)",
        ]);
        (await place.QueryAsync<long>("select count(*) from staging.orders")).ShouldBe(2000);
        Mails(place).ShouldBe(["20250630-001.success.eml"]);
    }

    [Fact]
    public async Task SIGTERM_ends_an_idle_host_at_once()
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        await using var host = LambdaProcess.Start(place);
        await host.FailAsync("{}", "Usage");

        await host.TerminateAsync();

        var (exitCode, _, error) = await host.EndAsync();
        exitCode.ShouldBe(0, error);
        error.ShouldBeEmpty();
    }

#if !AWS_PACKAGES // The package does not report the error of an invocation that SIGTERM stops.
    [Fact]
    public async Task SIGTERM_during_a_run_rolls_it_back_sends_the_error_and_ends_the_host()
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        await using var host = LambdaProcess.Start(place);
        RuntimeAnswer answer;
        await using (var brake = await Brake.SetAsync(place.Database, BreakPoint.MiddleOfLoad))
        {
            var invocation = host.InvokeAsync(Event);
            await brake.ReachedAsync(host.Process);
            await host.TerminateAsync();
            answer = await invocation;
        }

        answer.ErrorType.ShouldBe(LambdaProcess.TypeOf("Cancelled"), answer.Body);
        (await host.EndAsync()).ExitCode.ShouldBe(0);
        (await place.RowsAsync("(select status, lease_owner from etl.runs)")).ShouldBe(["(cancelled,)"]);
        await place.ShouldHaveNothingPublishedAsync();
        Mails(place).ShouldBe(["20250630-001.failure.eml"]);
    }
#endif

    [Fact]
    public async Task Outside_of_Lambda_the_host_reports_what_it_requires()
    {
        await using var host = LambdaProcess.StartWith(("AWS_LAMBDA_RUNTIME_API", ""));

        var (exitCode, _, error) = await host.EndAsync();

        exitCode.ShouldBe(2);
        error.ShouldContain("use `etl run`");
    }

    private static List<string> Mails(Workplace place) =>
        [.. Directory.GetFiles(Path.Combine(place.Lake, "mail")).Select(f => Path.GetFileName(f)).Order()];
}
