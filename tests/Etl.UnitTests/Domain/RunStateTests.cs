using System.Reflection;
using Etl.Domain.Runs;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Domain;

public sealed class RunStateTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly RunState Kept = new()
    {
        Id = RunId.Parse("20260301-007"),
        AsOf = new DateOnly(2026, 2, 28),
        Trigger = Trigger.Replay,
        Forced = true,
        BaseRunId = "20260301-006",
        Status = RunStatus.Superseded,
        StartedAt = Noon,
        PublishedAt = Noon.AddMinutes(1),
        ExportedAt = Noon.AddMinutes(2),
        FinishedAt = Noon.AddMinutes(3),
        Attempts = 4,
        ErrorCode = "code",
        ErrorMessage = "message",
        ErrorNextStep = "next",
        LeaseOwner = "owner",
        LeaseUntil = Noon.AddMinutes(5),
    };

    public static TheoryData<string> Fields => [.. typeof(RunState).GetProperties().Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_restored_run_has_everything_that_was_kept(string field)
    {
        var kept = typeof(RunState).GetProperty(field)!.GetValue(Kept);
        var restored = typeof(Run).GetProperty(field, BindingFlags.Public | BindingFlags.Instance)!;

        restored.GetValue(Run.Restore(Kept)).ShouldBe(kept);
    }

    [Fact]
    public void A_restored_run_knows_its_name_day_and_number()
    {
        var run = Run.Restore(Kept);

        (run.RunId, run.BusinessDate, run.Number).ShouldBe(("20260301-007", new DateOnly(2026, 3, 1), 7));
    }
}
