namespace Etl.Domain.Runs;

/// <summary>What a file is to its run.</summary>
public enum FileRole
{
    /// <summary>A snapshot of the source.</summary>
    Source,

    /// <summary>The snapshot of the run that a replay builds on; its published rows were taken over.</summary>
    Base,

    /// <summary>Rows that were rejected and have been corrected by hand.</summary>
    Corrected,
}
