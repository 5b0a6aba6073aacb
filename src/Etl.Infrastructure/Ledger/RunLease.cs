using Etl.Application.Errors;
using Etl.Application.Ports;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Etl.Infrastructure.Ledger;

/// <summary>What only the holder of a run's lease may do: every write names the owner, and fails once it is another.</summary>
internal sealed class RunLease(NpgsqlDataSource database, Func<LedgerContext> open, LeaseOwner owner, TimeSpan length)
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
    public Task HoldingAsync(
        RunId run,
        string doing,
        Func<LedgerContext, Run, Task> change,
        CancellationToken cancellationToken
    ) =>
        database.GuardAsync(
            $"{doing} of run {run}",
            async () =>
            {
                await using var ledger = open();
                await using var transaction = await ledger.Database.BeginTransactionAsync(cancellationToken);
                var held = await ledger
                    .Runs.FromSql(
                        $"""
                        select * from etl.runs
                        where run_id = {run.ToString()} and lease_owner = {owner.Text}
                        for update
                        """
                    )
                    .ToListAsync(cancellationToken);
                await change(ledger, held.SingleOrDefault() ?? throw Lost(run));
                await ledger.SaveChangesAsync(cancellationToken);
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
