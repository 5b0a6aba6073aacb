namespace Etl.Domain.Runs;

/// <summary>What started a run.</summary>
public enum Trigger
{
    /// <summary>A person.</summary>
    Manual,

    /// <summary>The daily schedule.</summary>
    Schedule,

    /// <summary>The marker that says that the day's files are complete.</summary>
    Marker,

    /// <summary>A backfill over several business dates.</summary>
    Backfill,

    /// <summary>Corrected rows of the quarantine.</summary>
    Replay,
}
