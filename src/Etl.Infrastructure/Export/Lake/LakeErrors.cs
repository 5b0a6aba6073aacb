using Etl.Application.Errors;

namespace Etl.Infrastructure.Export.Lake;

/// <summary>Errors of lakes in a folder, and the conflict of any lake.</summary>
internal static class LakeErrors
{
    private const int UnixDiskFull = 28;
    private const int UnixQuota = 122;
    private const int UnixReadOnly = 30;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    public static EtlException Conflict(string uri) =>
        new(
            ErrorCode.LakeConflict,
            $"The lake already has a different export under this run's key: {uri}",
            "Check that two databases do not share one lake; to discard the existing export, move its run's folder away and "
                + "run again."
        );

    public static EtlException Explain(string path, Exception cause) =>
        cause switch
        {
            { HResult: UnixDiskFull or UnixQuota or WindowsDiskFull } => Error(
                $"The disk or the quota of the lake is full: {path}",
                "Free disk space and run again: the published tables are kept, and only the export is repeated.",
                retryable: true
            ),
            _ when ParentThatIsAFile(path) is { } file => Error(
                $"The lake needs a folder, but the path is a file: {file}",
                "Move it away, or set Etl:Lake:Uri or --lake to another folder."
            ),
            _ when Directory.Exists(path) => Error(
                $"The lake needs a file, but the path is a folder: {path}",
                "Move it away and run again."
            ),
            FileNotFoundException or DirectoryNotFoundException => Error(
                $"An object of the lake was deleted: {path}",
                "Run again: missing objects are written again.",
                retryable: true
            ),
            UnauthorizedAccessException or { HResult: UnixReadOnly } => Error(
                $"This user has no permission to write to the lake: {path}",
                "Give the user that runs etl write permission, or set Etl:Lake:Uri or --lake to another folder."
            ),
            _ => Error(
                $"Could not write to the lake: {path}",
                "Check the disk or the network share that holds it; then run again.",
                retryable: true
            ),
        };

    private static string? ParentThatIsAFile(string path)
    {
        for (var folder = Path.GetDirectoryName(path); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(folder))
            {
                return folder;
            }
        }

        return null;
    }

    private static EtlException Error(string message, string nextStep, bool retryable = false) =>
        new(ErrorCode.Lake, message, nextStep, retryable);
}
