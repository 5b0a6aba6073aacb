using Etl.Application.Errors;

namespace Etl.Infrastructure.Export.Lake;

/// <summary>What can be wrong with a lake in a folder, and what to do about it.</summary>
internal static class LakeErrors
{
    private const int UnixDiskFull = 28;
    private const int UnixQuota = 122;
    private const int UnixReadOnly = 30;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    public static EtlException Conflict(string uri) =>
        new(
            ErrorCode.LakeConflict,
            $"The lake already holds another export under this run's key: {uri}",
            "If that export is not wanted, move its run's folder away and run again; if it is, check that two databases do "
                + "not share one lake."
        );

    public static EtlException Explain(string path, Exception cause) =>
        cause switch
        {
            { HResult: UnixDiskFull or UnixQuota or WindowsDiskFull } => Fault(
                $"The disk or the quota of the lake is full: {path}",
                "Free some space and run again: what is published stays, and only the export is done.",
                retryable: true
            ),
            _ when FileInTheWay(path) is { } file => Fault(
                $"A file stands where the lake needs a folder: {file}",
                "Move it away, or set Etl:Lake:Uri or --lake to another folder."
            ),
            _ when Directory.Exists(path) => Fault(
                $"A folder stands where the lake needs a file: {path}",
                "Move it away and run again."
            ),
            FileNotFoundException or DirectoryNotFoundException => Fault(
                $"An object of the lake is gone: {path}",
                "Run again: what is missing is written again.",
                retryable: true
            ),
            UnauthorizedAccessException or { HResult: UnixReadOnly } => Fault(
                $"The lake cannot be written by this user: {path}",
                "Let the user that runs etl write there, or set Etl:Lake:Uri or --lake to another folder."
            ),
            _ => Fault(
                $"Writing to the lake failed: {path}",
                "Check the disk or the network share that holds it; then run again.",
                retryable: true
            ),
        };

    private static string? FileInTheWay(string path)
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

    private static EtlException Fault(string message, string nextStep, bool retryable = false) =>
        new(ErrorCode.Lake, message, nextStep, retryable);
}
