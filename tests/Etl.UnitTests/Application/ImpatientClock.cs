namespace Etl.UnitTests.Application;

/// <summary>
/// A clock that stands still, whose timers of up to nine seconds ring at once and whose longer ones never do: pauses
/// between tries pass, a deadline near at hand is reached, and no lease is ever due.
/// </summary>
internal sealed class ImpatientClock : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => new(2026, 3, 1, 4, 0, 0, TimeSpan.Zero);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var soon = dueTime >= TimeSpan.Zero && dueTime <= TimeSpan.FromSeconds(9);
        return System.CreateTimer(callback, state, soon ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, period);
    }
}
