using Etl.Application.Errors;
using Etl.Application.Operations;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Application;

public sealed class DoctorTests
{
    private static readonly BusinessDate Day = BusinessDate.Parse("2025-06-30");
    private static readonly HealthCheckResult Reachable = HealthCheckResult.Ok("reachable");

    [Fact]
    public async Task Results_have_the_order_of_the_checks_and_warnings_are_no_error()
    {
        var found = await RunAsync(
            new Check("b", () => Reachable, needs: "a"),
            new Check("a", () => HealthCheckResult.Warning("slow", "check it"))
        );
        found.Results.Select(f => f.Check).ShouldBe(["b", "a"]);
        found.Error.ShouldBeNull();
        found.IsOk("a").ShouldBeTrue();
    }

    [Fact]
    public async Task The_first_error_gives_its_code_and_no_error_hides_another()
    {
        var found = await RunAsync(
            new Check("a", () => Reachable),
            new Check("b", () => throw new EtlException(ErrorCode.SourceMissing, "gone", "look")),
            new Check("c", () => throw new EtlException(ErrorCode.Lake, "full", "make room"))
        );
        found.Error!.Code.ShouldBe(ErrorCode.SourceMissing);
        found.Errors.Select(e => e.Message).ShouldBe(["gone", "full"]);
        found.IsOk("b").ShouldBeFalse();
    }

    [Theory]
    [InlineData(HealthLevel.Error)]
    [InlineData(HealthLevel.NotChecked)]
    public async Task A_check_whose_requirement_failed_is_not_run(HealthLevel level)
    {
        var called = false;
        var found = await RunAsync(
            new Check("a", () => new HealthCheckResult(level, "no", Code: ErrorCode.Database)),
            new Check("b", () => called ? Reachable : throw new InvalidOperationException("called"), needs: "a"),
            new Check("c", () => Reachable, needs: "b")
        );
        called.ShouldBeFalse();
        found.Results[1].Level.ShouldBe(HealthLevel.NotChecked);
        found.Results[2].Message.ShouldContain("it needs the b");
    }

    [Fact]
    public async Task A_check_that_never_answers_is_an_error_after_its_timeout()
    {
        var doctor = new HealthCheckRunner([new Silent()], new HastyClock());
        var found = await doctor.RunAsync(Day, CheckDepth.Trial, CancellationToken.None);
        found.Error!.Code.ShouldBe(ErrorCode.SourceUnreadable);
        found.Error.Message.ShouldContain("no answer within 10 s");
    }

    [Theory]
    [InlineData(CheckDepth.Files, "a", "b, c")]
    [InlineData(CheckDepth.ReadOnly, "a, b", "c, b")]
    [InlineData(CheckDepth.Trial, "a, b, c", "b")]
    public async Task Each_depth_includes_the_depths_before_and_names_what_it_left_out(
        CheckDepth depth,
        string examined,
        string notExamined
    )
    {
        var runner = new HealthCheckRunner(
            [
                new Check("a", () => Reachable) { Depth = CheckDepth.Files },
                new Check("b", () => HealthCheckResult.NotChecked("later")) { Depth = CheckDepth.ReadOnly },
                new Check("c", () => Reachable) { Depth = CheckDepth.Trial },
            ],
            TimeProvider.System
        );

        var report = await runner.RunAsync(Day, depth, CancellationToken.None);

        string.Join(", ", report.Results.Select(r => r.Check)).ShouldBe(examined);
        string.Join(", ", report.NotExamined).ShouldBe(notExamined);
    }

    private static Task<HealthReport> RunAsync(params IHealthCheck[] checks) =>
        new HealthCheckRunner(checks, TimeProvider.System).RunAsync(Day, CheckDepth.Trial, CancellationToken.None);

    private sealed class Check(string name, Func<HealthCheckResult> check, string? needs = null) : IHealthCheck
    {
        public string Name => name;

        public string? Needs => needs;

        public CheckDepth Depth { get; init; }

        public ErrorCode Cause => ErrorCode.SourceUnreadable;

        public Task<HealthCheckResult> CheckAsync(BusinessDate date, CancellationToken cancellationToken) =>
            Task.FromResult(check());
    }

    private sealed class Silent : IHealthCheck
    {
        public string Name => "share";

        public ErrorCode Cause => ErrorCode.SourceUnreadable;

        public Task<HealthCheckResult> CheckAsync(BusinessDate date, CancellationToken cancellationToken) =>
            new TaskCompletionSource<HealthCheckResult>().Task;
    }

    /// <summary>A clock whose timers fire immediately.</summary>
    private sealed class HastyClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
