namespace Etl.Domain.Runs;

/// <summary>A file with a dataset, an analytics table or a data test of the user's own.</summary>
/// <param name="File">Its path below the folder of the extensions, such as <c>marts/returns_by_month.sql</c>.</param>
/// <param name="Sha256">Its content's hash, lower-case hex.</param>
public sealed record ExtensionFile(string File, string Sha256);

/// <summary>The extensions of a host.</summary>
/// <param name="All">The files, by path.</param>
public sealed record ExtensionFiles(IReadOnlyList<ExtensionFile> All)
{
    /// <summary>A host without extensions.</summary>
    public static ExtensionFiles None { get; } = new([]);
}
