namespace Etl.Domain.Datasets;

/// <summary>A SELECT over delivered datasets that gives the rows of a dataset, in place of a file.</summary>
/// <param name="Every">The dataset each of whose rows gives exactly one row or one reject; its key identifies them.</param>
/// <param name="Inputs">The delivered datasets that the SELECT reads, the driving one included.</param>
/// <param name="Sql">The SELECT with its header, as its file has it.</param>
public sealed record Model(string Every, IReadOnlyList<string> Inputs, string Sql)
{
    /// <summary>The folder of its file, below that of the extensions.</summary>
    public const string Folder = "models";

    /// <summary>The full path or address of its file.</summary>
    public required string File { get; init; }

    /// <summary>Identifies the content of its file.</summary>
    public required string Version { get; init; }
}
