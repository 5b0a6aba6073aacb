namespace Etl.IntegrationTests.Chaos;

/// <summary>The system's clock with an offset, and with long timers that fire only on <see cref="Ring"/>.</summary>
internal sealed class ManualClock : TimeProvider
{
    // Retry delays are shorter. The deadline, the lease renewal and the shutdown timeout are longer.
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(9);
    private readonly List<(TimerCallback Callback, object? State)> waiting = [];

    /// <summary>The difference from the system's clock.</summary>
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
