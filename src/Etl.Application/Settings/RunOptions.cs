namespace Etl.Application.Settings;

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
}
