using Etl.Application.Options;

namespace Etl.Application.Runs;

/// <summary>Why and when a run must stop: it was asked to, or the time that its host has comes to an end.</summary>
internal sealed class TimeLimit : IDisposable
{
    /// <summary>Time for recording and telling how a stopped run ended, where no deadline makes it shorter.</summary>
    private static readonly TimeSpan LongestShutdown = TimeSpan.FromSeconds(10);

    /// <summary>What a host needs to answer its own caller after the last words.</summary>
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(1);

    private readonly CancellationToken asked;
    private readonly DateTimeOffset? deadline;
    private readonly TimeProvider clock;
    private readonly long begun;
    private readonly CancellationTokenSource? late;
    private readonly CancellationTokenSource either;

    public TimeLimit(DateTimeOffset? deadline, RunOptions options, TimeProvider clock, CancellationToken asked)
    {
        this.asked = asked;
        this.deadline = deadline;
        this.clock = clock;
        begun = clock.GetTimestamp();
        if (deadline is { } end)
        {
            var left = end - clock.GetUtcNow() - TimeSpan.FromSeconds(options.DeadlineMarginSeconds);
            late = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock);
        }

        either = CancellationTokenSource.CreateLinkedTokenSource(asked, late?.Token ?? CancellationToken.None);
    }

    /// <summary>Cancelled when the run must stop, for either reason.</summary>
    public CancellationToken Token => either.Token;

    /// <summary>Time since the host was asked for the run.</summary>
    public TimeSpan Elapsed => clock.GetElapsedTime(begun);

    /// <summary>Whether a person or the platform asked to stop.</summary>
    public bool IsAsked => asked.IsCancellationRequested;

    /// <summary>Whether the deadline's margin was reached first.</summary>
    public bool IsReached => !IsAsked && late is { IsCancellationRequested: true };

    /// <summary>A token for what is still to be said, which the deadline itself bounds.</summary>
    public CancellationTokenSource ShutdownToken()
    {
        var left = deadline - clock.GetUtcNow() - Answer;
        var time = left < LongestShutdown ? left.Value : LongestShutdown;
        return new CancellationTokenSource(time > TimeSpan.Zero ? time : TimeSpan.Zero, clock);
    }

    public void Dispose()
    {
        either.Dispose();
        late?.Dispose();
    }
}
