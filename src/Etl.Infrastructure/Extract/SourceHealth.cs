using Etl.Application.Errors;
using Etl.Application.Extract;
using Etl.Application.Operations;
using Etl.Application.Runs;
using Etl.Domain.Runs;

namespace Etl.Infrastructure.Extract;

/// <summary>Checks that the day's files exist and can be read, in the way that a run finds them.</summary>
internal sealed class SourceHealth(Func<ISourceStore> open, Func<SnapshotFinder> snapshots) : IHealthCheck
{
    public string Name => "source";

    public CheckDepth Depth => CheckDepth.Files;

    public ErrorCode Cause => ErrorCode.SourceUnreadable;

    public async Task<HealthCheckResult> CheckAsync(BusinessDate date, CancellationToken cancellationToken)
    {
        var source = open();
        var found = await snapshots().FindAsync(date, cancellationToken);
        foreach (var file in found.Files.Values.SelectMany(f => f))
        {
            await using var stream = await source.OpenAsync(file, cancellationToken);
        }

        var message = $"{found.Detail} in {source.Describe(date)}";
        return found.Warnings.Count == 0
            ? HealthCheckResult.Ok(message)
            : HealthCheckResult.Warning(
                string.Join(" ", found.Warnings),
                "Request the missing file again if the day should have one."
            );
    }
}
