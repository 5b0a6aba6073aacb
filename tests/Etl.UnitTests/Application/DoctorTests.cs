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
    private static readonly HealthFinding Good = HealthFinding.Good("well");

    [Fact]
    public async Task Findings_come_in_the_checks_order_and_nothing_wrong_is_no_error()
    {
        var found = await ExamineAsync(
            new Check("b", () => Good, needs: "a"),
            new Check("a", () => HealthFinding.Warning("so so", "mend it"))
        );
        found.Results.Select(f => f.Check).ShouldBe(["b", "a"]);
        found.Error.ShouldBeNull();
        found.IsGood("a").ShouldBeTrue();
    }

    [Fact]
    public async Task The_first_fault_gives_its_code_and_no_fault_hides_another()
    {
        var found = await ExamineAsync(
            new Check("a", () => Good),
            new Check("b", () => throw new EtlException(ErrorCode.SourceMissing, "gone", "look")),
            new Check("c", () => throw new EtlException(ErrorCode.Lake, "full", "make room"))
        );
        found.Error!.Code.ShouldBe(ErrorCode.SourceMissing);
        found.Errors.Select(e => e.Message).ShouldBe(["gone", "full"]);
        found.IsGood("b").ShouldBeFalse();
    }

    [Theory]
    [InlineData(HealthLevel.Fault)]
    [InlineData(HealthLevel.Unknown)]
    public async Task What_needs_something_that_is_not_well_is_not_looked_at(HealthLevel level)
    {
        var looked = false;
        var found = await ExamineAsync(
            new Check("a", () => new HealthFinding(level, "no", Code: ErrorCode.Database)),
            new Check("b", () => looked ? Good : throw new InvalidOperationException("looked"), needs: "a"),
            new Check("c", () => Good, needs: "b")
        );
        looked.ShouldBeFalse();
        found.Results[1].Finding.Level.ShouldBe(HealthLevel.Unknown);
        found.Results[2].Finding.Message.ShouldContain("it needs the b");
    }

    [Fact]
    public async Task A_check_that_never_answers_is_a_fault_after_a_while()
    {
        var doctor = new HealthCheckRunner([new Silent()], new HastyClock());
        var found = await doctor.ExamineAsync(Day, CancellationToken.None);
        found.Error!.Code.ShouldBe(ErrorCode.SourceUnreadable);
        found.Error.Message.ShouldContain("no answer within 10 s");
    }

    private static Task<HealthReport> ExamineAsync(params IHealthCheck[] checks) =>
        new HealthCheckRunner(checks, TimeProvider.System).ExamineAsync(Day, CancellationToken.None);

    private sealed class Check(string name, Func<HealthFinding> look, string? needs = null) : IHealthCheck
    {
        public string Name => name;

        public string? Needs => needs;

        public ErrorCode Cause => ErrorCode.SourceUnreadable;

        public Task<HealthFinding> CheckAsync(BusinessDate date, CancellationToken cancellationToken) =>
            Task.FromResult(look());
    }

    private sealed class Silent : IHealthCheck
    {
        public string Name => "share";

        public ErrorCode Cause => ErrorCode.SourceUnreadable;

        public Task<HealthFinding> CheckAsync(BusinessDate date, CancellationToken cancellationToken) =>
            new TaskCompletionSource<HealthFinding>().Task;
    }

    /// <summary>A clock whose every timer rings at once.</summary>
    private sealed class HastyClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
