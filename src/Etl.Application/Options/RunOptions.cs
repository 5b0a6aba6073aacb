namespace Etl.Application.Options;

/// <summary>How a run lives and ends. Section <c>Etl:Run</c>.</summary>
public sealed class RunOptions
{
    /// <summary>
    /// Seconds after which a host that gives no sign is believed dead and its run may be taken over, 2 to 3,600; the
    /// sign comes every third of it. Default 30.
    /// </summary>
    public int LeaseSeconds { get; set; } = 30;

    /// <summary>Whether a run brings ledger and schemas up to date first. Default true.</summary>
    public bool Migrate { get; set; } = true;

    /// <summary>Runs before the published one whose tables are kept, out of the readers' sight, 0 to 30. Default 2.</summary>
    public int KeepRuns { get; set; } = 2;

    /// <summary>
    /// Seconds before the host's deadline at which a run stops by itself, rolls back and tells, 2 to 300. Only hosts
    /// with a time limit have a deadline. Default 20.
    /// </summary>
    public int DeadlineMarginSeconds { get; set; } = 20;

    /// <summary>
    /// How often a step is tried again after a passing exception of database, source or lake, 0 to 10. The pauses begin
    /// with a second and double: the default 4 lasts some 15 seconds, a restart of the server.
    /// </summary>
    public int Retries { get; set; } = 4;

    /// <summary>
    /// Whether a run of this machine whose process is gone is taken over at once, without waiting for its lease to end.
    /// Default true; the Lambda host sets it to false, as its machines come and go as copies of one another.
    /// </summary>
    public bool TakeOverGoneProcesses { get; set; } = true;
}
