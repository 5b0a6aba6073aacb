using Etl.Application.Errors;
using Etl.Application.Runs;

namespace Etl.Infrastructure.Extract;

/// <summary>What can be wrong with a source, and what to do about it.</summary>
internal static class SourceErrors
{
    public static EtlException Missing(string message) =>
        new(
            ErrorCode.SourceMissing,
            message,
            "Check Etl:Source:Uri or --source, and that the delivery has arrived; then run again.",
            retryable: true
        );

    public static EtlException NotThere(string path) =>
        new(ErrorCode.SourceMissing, $"There is no file {path}.", "Give the path of a file that is there.");

    public static EtlException NoFile(string path) =>
        new(
            ErrorCode.SourceUnreadable,
            $"A folder, a pipe or a device stands where a source file should be: {path}",
            "Move it away and deliver the file under this name; then run again."
        );

    public static EtlException Unreadable(string path, Exception cause) =>
        cause is UnauthorizedAccessException
            ? new EtlException(
                ErrorCode.SourceUnreadable,
                $"This user may not read the source file {path}",
                "Let the user that runs etl read it, as with `chmod a+r`; then run again.",
                cause: cause
            )
            : new EtlException(
                ErrorCode.SourceUnreadable,
                $"Reading the source file {path} failed.",
                "Check the disk or the network share that holds it; then run again.",
                retryable: true,
                cause
            );

    public static EtlException Changed(SourceFile file, string how) =>
        new(
            ErrorCode.SourceChanged,
            $"The source file {file.FileName} is not the one that this run began with: {how}. ({file.Uri})",
            "Let the delivery end, under another name and renamed when complete; then run again.",
            retryable: true
        );
}
