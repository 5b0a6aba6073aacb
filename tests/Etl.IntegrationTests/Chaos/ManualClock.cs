namespace Etl.IntegrationTests.Chaos;

/// <summary>The system's clock, but set wrong by as much as is wanted, and with long timers that ring when they are told to.</summary>
internal sealed class ManualClock : TimeProvider
{
    // Pauses between tries are shorter; a deadline, signs of life and the bound of the last words are not.
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(9);
    private readonly List<(TimerCallback Callback, object? State)> waiting = [];

    /// <summary>How far it is from the truth.</summary>
    public TimeSpan Offset { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime < Long)
        {
            return base.CreateTimer(callback, state, dueTime, period);
        }

        waiting.Add((callback, state));
        return base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Ring() => waiting.ToList().ForEach(t => t.Callback(t.State));
}
