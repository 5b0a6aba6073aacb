namespace Etl.Domain.Runs;

/// <summary>The steps of a run, in their order.</summary>
public enum Step
{
    /// <summary>Find and pin the source files.</summary>
    Extract,

    /// <summary>Check every row and load it into the run's own tables.</summary>
    Stage,

    /// <summary>Compute the analytics and test them.</summary>
    Transform,

    /// <summary>Make the run's rows visible to readers, in one transaction.</summary>
    Publish,

    /// <summary>Write the published analytics to the lake.</summary>
    Export,

    /// <summary>Send the run's message.</summary>
    Notify,
}
