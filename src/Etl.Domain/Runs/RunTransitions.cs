namespace Etl.Domain.Runs;

/// <summary>
/// The state machine of a run. A run is assumed to fail until it is published; what was published is only ever
/// superseded; what has ended otherwise stays as it ended.
/// </summary>
public static class RunTransitions
{
    /// <summary>Whether a run may go from one status to another.</summary>
    public static bool CanMove(RunStatus from, RunStatus to) =>
        (from, to) switch
        {
            (RunStatus.Running, RunStatus.Succeeded) => true,
            (RunStatus.Running, RunStatus.Failed or RunStatus.TimedOut or RunStatus.Cancelled) => true,
            (RunStatus.Succeeded, RunStatus.Superseded) => true,
            _ => false,
        };

    /// <summary>Checks a move.</summary>
    /// <exception cref="InvalidOperationException">The run may not go there.</exception>
    public static RunStatus Move(RunStatus from, RunStatus to) =>
        CanMove(from, to) ? to : throw new InvalidOperationException($"A run that is {from} cannot become {to}.");
}
