using System.Globalization;
using Etl.Application.Errors;
using Etl.Application.Operations;
using Etl.Domain.Runs;
using Npgsql;

namespace Etl.Infrastructure.Postgres;

/// <summary>
/// Whether this machine's clock and the database's agree: one names the business date, the other ends leases; and what
/// is signed for AWS is refused when it is minutes off.
/// </summary>
internal sealed class ClockHealth(Func<NpgsqlDataSource> open, TimeProvider clock) : IHealthCheck
{
    private static readonly TimeSpan Far = TimeSpan.FromSeconds(5);

    public string Name => "clock";

    public string Needs => "database";

    public ErrorCode Cause => ErrorCode.DatabaseUnreachable;

    public Task<HealthFinding> CheckAsync(BusinessDate date, CancellationToken cancellationToken)
    {
        var database = open();
        return database.GuardAsync("read the database's clock", () => CheckAsync(database, cancellationToken));
    }

    private async Task<HealthFinding> CheckAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand("select clock_timestamp()", connection);
        var before = clock.GetUtcNow();
        var theirs = new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(cancellationToken))!);
        var ours = before + ((clock.GetUtcNow() - before) / 2);
        var off = theirs - ours;
        var words = string.Create(
            CultureInfo.InvariantCulture,
            $"{ours.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, the database's differs by {off.Duration().TotalSeconds:0.0} s"
        );
        return off.Duration() <= Far
            ? HealthFinding.Good(words)
            : HealthFinding.Warning(words, "Let both machines follow the same time server.");
    }
}
