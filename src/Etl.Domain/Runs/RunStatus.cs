namespace Etl.Domain.Runs;

/// <summary>State of a run in the ledger.</summary>
public enum RunStatus
{
    /// <summary>Started and not published.</summary>
    Running,

    /// <summary>Published: readers see its rows. Export and message follow and are recorded separately.</summary>
    Succeeded,

    /// <summary>Was published; a later run of the same day has replaced its rows.</summary>
    Superseded,

    /// <summary>Was published; a rollback has taken its rows back.</summary>
    RolledBack,

    /// <summary>Ended by an error; nothing was published.</summary>
    Failed,

    /// <summary>Stopped itself before the host's time limit; nothing was published.</summary>
    TimedOut,

    /// <summary>Stopped by a person or the platform; nothing was published.</summary>
    Cancelled,
}

/// <summary>The allowed changes of a run's state.</summary>
public static class RunTransitions
{
    /// <summary>Whether a run may change from one state to another.</summary>
    public static bool CanMove(RunStatus from, RunStatus to) =>
        (from, to) switch
        {
            (RunStatus.Running, RunStatus.Succeeded) => true,
            (RunStatus.Running, RunStatus.Failed or RunStatus.TimedOut or RunStatus.Cancelled) => true,
            (RunStatus.Succeeded, RunStatus.Superseded) => true,
            (RunStatus.Succeeded or RunStatus.Superseded, RunStatus.RolledBack) => true,
            _ => false,
        };

    /// <summary>The new state.</summary>
    /// <exception cref="InvalidOperationException">The change is not allowed.</exception>
    public static RunStatus Move(RunStatus from, RunStatus to) =>
        CanMove(from, to)
            ? to
            : throw new InvalidOperationException($"A run cannot change its state from {from} to {to}.");
}
