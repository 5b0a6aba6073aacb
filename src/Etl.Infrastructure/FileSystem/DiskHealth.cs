using System.Globalization;
using Etl.Application.Errors;
using Etl.Application.Operations;
using Etl.Domain.Runs;

namespace Etl.Infrastructure.FileSystem;

/// <summary>Whether there is room on the disks that a run writes to.</summary>
/// <param name="folders">The folders, asked when the look begins; none where all is written elsewhere.</param>
internal sealed class DiskHealth(Func<IEnumerable<string>> folders) : IHealthCheck
{
    private const long Little = 1L << 30;

    public string Name => "disk";

    public ErrorCode Cause => ErrorCode.Lake;

    public Task<HealthFinding> CheckAsync(BusinessDate date, CancellationToken cancellationToken)
    {
        var free = folders()
            .Select(FolderAccess.Nearest)
            .Distinct()
            .Select(f => (Folder: f, Free: new DriveInfo(f).AvailableFreeSpace))
            .ToList();
        var words = string.Join(", ", free.Select(f => $"{Gigabytes(f.Free)} GB free for {f.Folder}"));
        return Task.FromResult(
            free.Count == 0 ? HealthFinding.Good("nothing is written to a disk of this machine")
            : free.TrueForAll(f => f.Free >= Little) ? HealthFinding.Good(words)
            : HealthFinding.Warning(words, "Make room: a run needs space for a second copy of the day's rows.")
        );
    }

    private static string Gigabytes(long bytes) => (bytes / 1e9).ToString("0.0", CultureInfo.InvariantCulture);
}
