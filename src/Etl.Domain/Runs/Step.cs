namespace Etl.Domain.Runs;

/// <summary>The steps of a run, in their order.</summary>
public enum Step
{
    /// <summary>Find and pin the source files.</summary>
    Extract,

    /// <summary>Check every row and load it into the run's own tables.</summary>
    Stage,

    /// <summary>Compute the analytics, test them, publish.</summary>
    Transform,

    /// <summary>Write the published analytics to the lake.</summary>
    Export,

    /// <summary>Tell people.</summary>
    Notify,
}
