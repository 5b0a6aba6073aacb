using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Npgsql;

namespace Etl.Infrastructure.Ledger;

/// <summary>What only the holder of a run's lease may do: every write names the owner, and fails once it is another.</summary>
internal sealed class RunLease(NpgsqlDataSource database, LeaseOwner owner, TimeSpan length)
{
    public Task<bool> RenewAsync(RunId run, CancellationToken cancellationToken) =>
        database.GuardAsync(
            $"renew the lease of run {run}",
            async () =>
                await database.ExecuteAsync(
                    $"""
                    update etl.runs set lease_until = clock_timestamp() + {length}
                    where run_id = {run.ToString()} and lease_owner = {owner.Text}
                    """,
                    cancellationToken
                ) == 1
        );

    /// <summary>A run that has ended has no holder; its message's step is still to be written.</summary>
    public Task RecordStepAsync(RunId run, StepRecord step, CancellationToken cancellationToken) =>
        database.GuardAsync(
            $"record a step of run {run}",
            async () =>
            {
                var recorded = await database.ExecuteAsync(
                    $"""
                    insert into etl.run_steps (run_id, attempt, step, started_at, finished_at, succeeded, detail)
                    select run_id, {step.Attempt}, {SnakeCase.Text(step.Step)}, {step.StartedAt},
                      {step.FinishedAt}::timestamptz, {step.Succeeded}::boolean, {step.Detail}::text
                    from etl.runs
                    where run_id = {run.ToString()} and (lease_owner = {owner.Text} or lease_owner is null)
                    for share
                    on conflict (run_id, attempt, step) do update set started_at = excluded.started_at,
                      finished_at = excluded.finished_at, succeeded = excluded.succeeded, detail = excluded.detail
                    """,
                    cancellationToken
                );
                if (recorded == 0)
                {
                    throw Lost(run);
                }
            }
        );

    /// <summary>Changes what is recorded of a run, in one transaction that nobody can take the lease away from.</summary>
    /// <param name="run">The run.</param>
    /// <param name="doing">What is done, for the message of a exception.</param>
    /// <param name="change">Gives the statements, of the run and the database's clock.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task HoldingAsync(
        RunId run,
        string doing,
        Func<Run, DateTimeOffset, IEnumerable<NpgsqlBatchCommand>> change,
        CancellationToken cancellationToken
    ) =>
        database.GuardAsync(
            $"{doing} of run {run}",
            async () =>
            {
                await using var connection = await database.OpenConnectionAsync(cancellationToken);
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                var (held, now) = await RunTable.SelectAsync(
                    connection,
                    $"""
                    select * from etl.runs
                    where run_id = {run.ToString()} and lease_owner = {owner.Text}
                    for update
                    """,
                    cancellationToken
                );
                var statements = change(held.SingleOrDefault() ?? throw Lost(run), now);
                await connection.ExecuteAsync(statements, cancellationToken);
                await transaction.CommitAsync(cancellationToken);
            }
        );

    public static EtlException Lost(RunId run) =>
        new(
            ErrorCode.LeaseLost,
            $"Run {run} is no longer this host's: another host has taken it over, or it has ended.",
            "Nothing to do here; see `etl runs` for what became of it."
        );
}
