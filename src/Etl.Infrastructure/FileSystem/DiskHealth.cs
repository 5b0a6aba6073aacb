using System.Globalization;
using Etl.Application.Errors;
using Etl.Application.Operations;
using Etl.Domain.Runs;

namespace Etl.Infrastructure.FileSystem;

/// <summary>Checks the free space of the disks that a run writes to.</summary>
/// <param name="folders">Returns the folders when the check starts; none if nothing is written to a local disk.</param>
internal sealed class DiskHealth(Func<IEnumerable<string>> folders) : IHealthCheck
{
    private const long MinFreeBytes = 1L << 30;

    public string Name => "disk";

    public ErrorCode Cause => ErrorCode.Lake;

    public Task<HealthCheckResult> CheckAsync(BusinessDate date, CancellationToken cancellationToken)
    {
        var free = folders()
            .Select(FolderAccess.Nearest)
            .Distinct()
            .Select(f => (Folder: f, Free: new DriveInfo(f).AvailableFreeSpace))
            .ToList();
        var message = string.Join(", ", free.Select(f => $"{Gigabytes(f.Free)} GB free for {f.Folder}"));
        return Task.FromResult(
            free.Count == 0 ? HealthCheckResult.Ok("no files are written to a local disk")
            : free.TrueForAll(f => f.Free >= MinFreeBytes) ? HealthCheckResult.Ok(message)
            : HealthCheckResult.Warning(
                message,
                "Free disk space: a run needs room for a second copy of the day's rows."
            )
        );
    }

    private static string Gigabytes(long bytes) => (bytes / 1e9).ToString("0.0", CultureInfo.InvariantCulture);
}
