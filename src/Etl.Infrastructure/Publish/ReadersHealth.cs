using Etl.Application.Errors;
using Etl.Application.Operations;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Npgsql;

namespace Etl.Infrastructure.Publish;

/// <summary>Reports sessions that a publish would wait for.</summary>
/// <param name="open">Finds the sessions.</param>
/// <param name="database">The database.</param>
/// <param name="longest">The age of a transaction up to which it is not reported: it ends before a run publishes.</param>
internal sealed class ReadersHealth(Func<StagingReaders> open, Func<NpgsqlDataSource> database, TimeSpan longest)
    : IHealthCheck
{
    public string Name => "readers";

    public string Needs => "schema";

    public ErrorCode Cause => ErrorCode.Database;

    public Task<HealthCheckResult> CheckAsync(BusinessDate date, CancellationToken cancellationToken) =>
        database().GuardAsync("see who reads staging", () => CheckAsync(cancellationToken));

    private async Task<HealthCheckResult> CheckAsync(CancellationToken cancellationToken)
    {
        var readers = await open().FindAsync(cancellationToken);
        return readers.FirstOrDefault(r => r.Pid is null || r.Age > longest) is { } reader
            ? HealthCheckResult.Warning(
                $"staging is read by {reader}; a publish waits until it ends",
                "End the transaction before the next run."
            )
            : HealthCheckResult.Ok("no session has held staging for more than a minute");
    }
}
