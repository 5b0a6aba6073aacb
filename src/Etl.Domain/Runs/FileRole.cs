namespace Etl.Domain.Runs;

/// <summary>The role of a file in its run.</summary>
public enum FileRole
{
    /// <summary>A snapshot of the source.</summary>
    Source,

    /// <summary>The snapshot of the run that a replay builds on; its published rows were copied.</summary>
    Base,

    /// <summary>Corrected rows that were rejected before.</summary>
    Corrected,

    /// <summary>The SQL of a model, whose rows the run computed itself.</summary>
    Model,
}
