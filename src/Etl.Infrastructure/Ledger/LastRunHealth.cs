using System.Globalization;
using Etl.Application.Errors;
using Etl.Application.Operations;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Npgsql;

namespace Etl.Infrastructure.Ledger;

/// <summary>Reports the last publish, a run in progress, and unsent messages.</summary>
internal sealed class LastRunHealth(Func<NpgsqlDataSource> open) : IHealthCheck
{
    /// <summary>One day, and two hours for a late run.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(26);

    private const string Facts = """
        select last.run_id, last.published_at, clock_timestamp(),
          (select run_id from etl.runs where lease_until > clock_timestamp() limit 1),
          (select count(*) from etl.messages where sent_at is null and not repeated),
          (select run_id from etl.runs
           where status = 'succeeded' and exported_at is null and lease_owner is null order by run_id limit 1)
        from (select 1) as one
        left join (
          select run_id, published_at from etl.runs where published_at is not null order by published_at desc limit 1
        ) as last on true
        """;

    public string Name => "last run";

    public string Needs => "schema";

    public ErrorCode Cause => ErrorCode.Database;

    public Task<HealthCheckResult> CheckAsync(BusinessDate date, CancellationToken cancellationToken)
    {
        var database = open();
        return database.GuardAsync("read the ledger", () => CheckAsync(database, cancellationToken));
    }

    private static async Task<HealthCheckResult> CheckAsync(
        NpgsqlDataSource database,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await using var command = database.CreateCommand(Facts);
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            await row.ReadAsync(cancellationToken);
            return Describe(
                row.IsDBNull(0) ? null : (row.GetString(0), row.GetDateTime(2) - row.GetDateTime(1)),
                row.IsDBNull(3) ? null : row.GetString(3),
                row.GetInt64(4),
                row.IsDBNull(5) ? null : row.GetString(5)
            );
        }
        catch (PostgresException exception)
            when (exception.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            return HealthCheckResult.Ok("no run yet");
        }
    }

    private static HealthCheckResult Describe(
        (string Run, TimeSpan Age)? last,
        string? active,
        long unsent,
        string? pending
    )
    {
        var message = last is { } success
            ? $"{success.Run} succeeded {Ago(success.Age)} ago"
            : "no run has succeeded yet";
        if (active is not null)
        {
            return HealthCheckResult.Warning(
                $"{message}; {active} is in progress",
                "Another run cannot start until it ends; see `etl runs`."
            );
        }

        if (pending is not null)
        {
            return HealthCheckResult.Warning(
                $"{message}; {pending} is published, its export is pending",
                $"`etl runs show {pending}` prints the error; correct the lake and repeat the run of its date."
            );
        }

        if (unsent > 0)
        {
            return HealthCheckResult.Warning(
                $"{message}; {unsent} {(unsent == 1 ? "message is" : "messages are")} not sent",
                "Correct the notifier's settings; the next run sends it."
            );
        }

        return last?.Age > MaxAge
            ? HealthCheckResult.Warning(message, "See `etl runs`, and check that the schedule starts a run each day.")
            : HealthCheckResult.Ok(message);
    }

    private static string Ago(TimeSpan age) =>
        age switch
        {
            { TotalHours: >= 48 } => string.Create(CultureInfo.InvariantCulture, $"{age.TotalDays:0} days"),
            { TotalMinutes: >= 90 } => string.Create(CultureInfo.InvariantCulture, $"{age.TotalHours:0} hours"),
            { TotalSeconds: >= 90 } => string.Create(CultureInfo.InvariantCulture, $"{age.TotalMinutes:0} minutes"),
            { TotalSeconds: > 0.5 and < 1.5 } => "1 second",
            _ => string.Create(CultureInfo.InvariantCulture, $"{age.TotalSeconds:0} seconds"),
        };
}
