using System.Runtime.CompilerServices;
using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Npgsql;

namespace Etl.Infrastructure.Ledger;

/// <summary>
/// Reads the runs that matter for a start, and writes the decision. Another host may change the ledger between the two: a
/// unique index of <c>etl.runs</c> then refuses the write, and both are repeated.
/// </summary>
internal sealed class RunStarter(NpgsqlDataSource database, LeaseOwner owner, RunOptions options)
{
    private const int MaxRounds = 20;

    private const string Open = """
        select * from etl.runs
        where business_date = {0} or lease_owner is not null or status = 'running'
          or (status = 'succeeded' and finished_at is null)
        order by business_date, number
        """;

    private readonly StartDecision decision = new(owner, options);

    public async Task<RunStart> StartAsync(RunStartRequest request, CancellationToken cancellationToken)
    {
        for (var round = 1; ; round++)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(cancellationToken);
                if (await FindLeaseHolderAsync(connection, request, cancellationToken) is { } refused)
                {
                    return refused;
                }

                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                var start = await DecideAsync(connection, request, cancellationToken);
                if (await IsRefusedAsync(connection, start, request, cancellationToken))
                {
                    await transaction.RollbackAsync(cancellationToken);
                    request = request with { Redelivery = null };
                    continue;
                }

                await transaction.CommitAsync(cancellationToken);
                return start;
            }
            catch (PostgresException exception)
                when (exception.SqlState == PostgresErrorCodes.UniqueViolation && round < MaxRounds) { }
        }
    }

    /// <summary>
    /// The decision if another run holds the lease, without a lock; otherwise null. Many starts at once must not delay the
    /// renewal of that lease.
    /// </summary>
    private async Task<RunStart?> FindLeaseHolderAsync(
        NpgsqlConnection connection,
        RunStartRequest request,
        CancellationToken cancellationToken
    )
    {
        var day = request.BusinessDate.Value;
        var (runs, now) = await RunTable.SelectAsync(
            connection,
            $"""
            select * from etl.runs
            where lease_owner is not null
              or (business_date = {day} and status in ('succeeded', 'rolled_back') and finished_at is not null)
            """,
            cancellationToken
        );
        return decision.Refuse(request, runs, now);
    }

    /// <summary>What <see cref="StartAsync"/> would return now; nothing is locked or written.</summary>
    public async Task<RunStart> ForecastAsync(RunStartRequest request, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var (runs, now) = await RunsAsync(connection, request.BusinessDate.Value, forUpdate: false, cancellationToken);
        return decision.Decide(request, runs, now, await LatestAsync(connection, cancellationToken)).Start;
    }

    /// <summary>What <see cref="StartAsync"/> returns for a database without a ledger.</summary>
    public RunStart First(RunStartRequest request) => decision.Begin(request, [], DateTimeOffset.UnixEpoch);

    private async Task<RunStart> DecideAsync(
        NpgsqlConnection connection,
        RunStartRequest request,
        CancellationToken cancellationToken
    )
    {
        var (runs, now) = await RunsAsync(connection, request.BusinessDate.Value, forUpdate: true, cancellationToken);
        var latest = runs.Exists(StartDecision.IsUnended) ? await LatestAsync(connection, cancellationToken) : null;
        var (start, writes) = decision.Decide(request, runs, now, latest);
        await connection.ExecuteAsync(writes, cancellationToken);
        return start;
    }

    /// <summary>
    /// Whether a redelivery was run before. It is claimed in the transaction that begins its run, so that neither can exist
    /// without the other. A run that was stopped or abandoned releases its claim; one that failed does not.
    /// </summary>
    private static async Task<bool> IsRefusedAsync(
        NpgsqlConnection connection,
        RunStart start,
        RunStartRequest request,
        CancellationToken cancellationToken
    )
    {
        if (start.Decision != RunDecision.Begin || request.Redelivery is not { } redelivery)
        {
            return false;
        }

        var claim = SqlCommands.Statement(
            $"""
            insert into etl.redeliveries as c (business_date, fingerprint, run_id, replaced_run_id, created_at)
            values ({start.Run.BusinessDate}, {redelivery.Fingerprint}, {start.Run.RunId},
              {redelivery.Published.ToString()}, clock_timestamp())
            on conflict (business_date, fingerprint) do update set run_id = excluded.run_id
            where exists (
              select from etl.runs r where r.run_id = c.run_id
                and (r.status in ('cancelled', 'timed_out') or (r.status = 'failed' and r.error_code = 'lease_lost'))
            )
            """
        );
        await connection.ExecuteAsync([claim], cancellationToken);
        return claim.RecordsAffected == 0;
    }

    /// <summary>The runs of the day and every run that has not ended; locked until the decision if asked.</summary>
    private static Task<(List<Run> Runs, DateTimeOffset Now)> RunsAsync(
        NpgsqlConnection connection,
        DateOnly day,
        bool forUpdate,
        CancellationToken cancellationToken
    ) =>
        RunTable.SelectAsync(
            connection,
            FormattableStringFactory.Create(forUpdate ? $"{Open} for update" : Open, day),
            cancellationToken
        );

    /// <summary>The time of the last publish, or null.</summary>
    private static async Task<DateTimeOffset?> LatestAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand("select max(published_at) from etl.runs", connection);
        return await command.ExecuteScalarAsync(cancellationToken) is DateTime latest
            ? new DateTimeOffset(latest)
            : null;
    }
}
