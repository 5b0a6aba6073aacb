using System.Globalization;
using Etl.Domain.Runs;

namespace Etl.Application.Runs;

/// <summary>Files of a published day that were delivered again and differ.</summary>
/// <param name="Published">The published run.</param>
/// <param name="Fingerprint">
/// Hash of all files and of what their sender states about them, lower-case hex: the same delivery has the same one.
/// </param>
/// <param name="Files">The files that differ.</param>
public sealed record Redelivery(RunId Published, string Fingerprint, IReadOnlyList<RedeliveredFile> Files)
{
    /// <summary>What differs, in one sentence.</summary>
    public override string ToString() =>
        $"The source changed since run {Published}: {string.Join(", ", Files.Select(f => f.ToString()))}.";
}

/// <summary>A file that differs from the published one.</summary>
/// <param name="FileName">Its name.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="PublishedBytes">The size of the published file; null if there was none.</param>
public sealed record RedeliveredFile(string FileName, long Bytes, long? PublishedBytes)
{
    /// <summary>The name and both sizes.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{FileName} has {Bytes:#,0} bytes {(
                PublishedBytes is not { } before ? "instead of no file"
                : before == Bytes ? "and other content"
                : string.Create(CultureInfo.InvariantCulture, $"instead of {before:#,0}")
            )}"
        );
}
