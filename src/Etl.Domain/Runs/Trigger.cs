namespace Etl.Domain.Runs;

/// <summary>What started a run.</summary>
public enum Trigger
{
    /// <summary>A person.</summary>
    Manual,

    /// <summary>The daily schedule.</summary>
    Schedule,

    /// <summary>The marker file that reports the day's files as complete.</summary>
    Marker,

    /// <summary>A backfill over several business dates.</summary>
    Backfill,

    /// <summary>A replay of corrected rows.</summary>
    Replay,

    /// <summary>Files of a published day that were delivered again.</summary>
    Redelivery,

    /// <summary>A person who takes the runs after an earlier one back.</summary>
    Rollback,
}
