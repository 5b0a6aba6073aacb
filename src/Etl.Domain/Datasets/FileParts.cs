namespace Etl.Domain.Datasets;

/// <summary>What several files with a name of one dataset are.</summary>
public enum FileParts
{
    /// <summary>A mistake: exactly one file is delivered.</summary>
    One,

    /// <summary>Parts of the dataset, which are read in the order of their names.</summary>
    All,
}
