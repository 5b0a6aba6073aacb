using System.Globalization;
using Etl.Application.Errors;
using Etl.Application.Extract;
using Etl.Application.Runs;

namespace Etl.Infrastructure.Extract;

/// <summary>Errors of source files and folders.</summary>
internal static class SourceErrors
{
    public static EtlException Missing(string message) =>
        new(
            ErrorCode.SourceMissing,
            message,
            "Check Etl:Source:Uri or --source, and that the delivery has arrived; then run again.",
            retryable: true
        );

    /// <param name="beginning">The place and the beginning of the names.</param>
    public static EtlException TooMany(string beginning) =>
        new(
            ErrorCode.SourceAmbiguous,
            string.Create(
                CultureInfo.InvariantCulture,
                $"More than {ISourceStore.MaxListed:#,0} files begin with {beginning}"
            ),
            "Give more characters before the * in the names of Etl:Files, or a sub-folder; then run again."
        );

    public static EtlException NotFound(string path) =>
        new(ErrorCode.SourceMissing, $"File {path} does not exist.", "Give the path of an existing file.");

    public static EtlException NotAFile(string path) =>
        new(
            ErrorCode.SourceUnreadable,
            $"The source is a folder, a pipe or a device instead of a file: {path}",
            "Move it away and deliver the file under this name; then run again."
        );

    public static EtlException Unreadable(string path, Exception cause) =>
        cause is UnauthorizedAccessException
            ? new EtlException(
                ErrorCode.SourceUnreadable,
                $"This user has no permission to read the source file {path}",
                "Give the user that runs etl read permission, for example with `chmod a+r`; then run again.",
                cause: cause
            )
            : new EtlException(
                ErrorCode.SourceUnreadable,
                $"Could not read the source file {path}",
                "Check the disk or the network share that holds it; then run again.",
                retryable: true,
                cause
            );

    public static EtlException Changed(SourceFile file, string how) =>
        new(
            ErrorCode.SourceChanged,
            $"The source file {file.FileName} changed during the run: {how}. ({file.Uri})",
            "Deliver files under a temporary name and rename them when they are complete; then run again.",
            retryable: true
        );
}
