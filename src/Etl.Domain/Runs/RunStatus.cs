namespace Etl.Domain.Runs;

/// <summary>Where a run stands in the ledger.</summary>
public enum RunStatus
{
    /// <summary>Begun and not published.</summary>
    Running,

    /// <summary>Published: readers see its rows. Export and message follow, and are recorded on their own.</summary>
    Succeeded,

    /// <summary>Was published, and a later run of the same day has replaced its rows.</summary>
    Superseded,

    /// <summary>Ended by a exception; nothing was published.</summary>
    Failed,

    /// <summary>Stopped itself before the time limit; nothing was published.</summary>
    TimedOut,

    /// <summary>Stopped by a person or the platform; nothing was published.</summary>
    Cancelled,
}
