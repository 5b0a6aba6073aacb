using System.Globalization;
using Etl.Application.Errors;
using Etl.Application.Operations;
using Etl.Domain.Runs;
using Npgsql;

namespace Etl.Infrastructure.Postgres;

/// <summary>
/// Compares this machine's clock, which sets the business date and signs AWS requests, with the database's, which ends
/// leases. AWS refuses requests that are signed some minutes off.
/// </summary>
internal sealed class ClockHealth(Func<NpgsqlDataSource> open, TimeProvider clock) : IHealthCheck
{
    private static readonly TimeSpan MaxOffset = TimeSpan.FromSeconds(5);

    public string Name => "clock";

    public string Needs => "database";

    public ErrorCode Cause => ErrorCode.DatabaseUnreachable;

    public Task<HealthCheckResult> CheckAsync(BusinessDate date, CancellationToken cancellationToken)
    {
        var database = open();
        return database.GuardAsync("read the database's clock", () => CheckAsync(database, cancellationToken));
    }

    private async Task<HealthCheckResult> CheckAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand("select clock_timestamp()", connection);
        var before = clock.GetUtcNow();
        var theirs = new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(cancellationToken))!);
        var ours = before + ((clock.GetUtcNow() - before) / 2);
        var offset = theirs - ours;
        var message = string.Create(
            CultureInfo.InvariantCulture,
            $"{ours.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, the database's differs by {offset.Duration().TotalSeconds:0.0} s"
        );
        return offset.Duration() <= MaxOffset
            ? HealthCheckResult.Ok(message)
            : HealthCheckResult.Warning(message, "Synchronize both machines with the same time server.");
    }
}
