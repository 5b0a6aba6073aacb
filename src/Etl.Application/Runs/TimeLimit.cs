using Etl.Application.Options;

namespace Etl.Application.Runs;

/// <summary>Stops a run on request, or before its host's deadline.</summary>
internal sealed class TimeLimit : IDisposable
{
    /// <summary>Longest time to record and notify the end of a stopped run.</summary>
    private static readonly TimeSpan MaxShutdown = TimeSpan.FromSeconds(10);

    /// <summary>Time that a host needs to answer its own caller.</summary>
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(1);

    private readonly CancellationToken asked;
    private readonly DateTimeOffset? deadline;
    private readonly TimeProvider clock;
    private readonly long started;
    private readonly CancellationTokenSource? late;
    private readonly CancellationTokenSource either;

    public TimeLimit(DateTimeOffset? deadline, RunOptions options, TimeProvider clock, CancellationToken asked)
    {
        this.asked = asked;
        this.deadline = deadline;
        this.clock = clock;
        started = clock.GetTimestamp();
        if (deadline is { } end)
        {
            var left = end - clock.GetUtcNow() - TimeSpan.FromSeconds(options.DeadlineMarginSeconds);
            late = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock);
        }

        either = CancellationTokenSource.CreateLinkedTokenSource(asked, late?.Token ?? CancellationToken.None);
    }

    /// <summary>Cancelled when the run must stop, for either reason.</summary>
    public CancellationToken Token => either.Token;

    /// <summary>Time since the invocation started.</summary>
    public TimeSpan Elapsed => clock.GetElapsedTime(started);

    /// <summary>Whether a person or the platform asked to stop.</summary>
    public bool IsAsked => asked.IsCancellationRequested;

    /// <summary>Whether the deadline's margin was reached first.</summary>
    public bool IsReached => !IsAsked && late is { IsCancellationRequested: true };

    /// <summary>A token for the work after the stop, bounded by the deadline.</summary>
    public CancellationTokenSource ShutdownToken()
    {
        var left = deadline - clock.GetUtcNow() - AnswerTime;
        var time = left < MaxShutdown ? left.Value : MaxShutdown;
        return new CancellationTokenSource(time > TimeSpan.Zero ? time : TimeSpan.Zero, clock);
    }

    public void Dispose()
    {
        either.Dispose();
        late?.Dispose();
    }
}
