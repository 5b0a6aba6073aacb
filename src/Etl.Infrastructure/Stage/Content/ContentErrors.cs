using Etl.Application.Errors;
using Etl.Application.Runs;

namespace Etl.Infrastructure.Stage.Content;

/// <summary>Errors of files whose content is not CSV, or cannot be decompressed.</summary>
internal static class ContentErrors
{
    /// <param name="file">The file.</param>
    /// <param name="format">What it looks like.</param>
    public static EtlException OtherFormat(SourceFile file, string format) =>
        new(
            ErrorCode.SourceUnreadable,
            $"{file.FileName} is not CSV: it looks like {format}.",
            "Put the file there as CSV, plain or compressed with gzip, zstd or zip; then run again, nothing was changed."
        );

    public static EtlException Unreadable(SourceFile file, string why, Exception? cause = null) =>
        new(
            ErrorCode.SourceUnreadable,
            $"{file.FileName} cannot be read: {why}.",
            "Request the file again, then run again; nothing was changed.",
            cause: cause
        );

    /// <param name="file">A zip archive.</param>
    /// <param name="why">Why it is not read, as the end of a sentence.</param>
    public static EtlException Archive(SourceFile file, string why) =>
        new(
            ErrorCode.SourceUnreadable,
            $"{file.FileName} cannot be read: the zip archive {why}.",
            "Put one CSV file into the archive, without a folder and without a password; then run again, nothing was changed."
        );
}
