using Etl.Application.Errors;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Npgsql;

namespace Etl.Infrastructure.Ledger;

/// <summary>Writes that require the lease: each statement names the owner, and fails once another host has the run.</summary>
internal sealed class LeasedRuns(NpgsqlDataSource database, LeaseOwner owner)
{
    /// <summary>Changes what is recorded of a run, in one transaction during which the lease cannot be taken.</summary>
    /// <param name="run">The run.</param>
    /// <param name="action">What fails, for an error's text: a verb and its object.</param>
    /// <param name="change">Returns the statements, given the run and the database's time.</param>
    /// <param name="cancellationToken">Cancels the change.</param>
    public Task ChangeAsync(
        RunId run,
        string action,
        Func<Run, DateTimeOffset, IEnumerable<NpgsqlBatchCommand>> change,
        CancellationToken cancellationToken
    ) =>
        database.GuardAsync(
            $"{action} of run {run}",
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
            $"This host no longer holds the lease of run {run}: another host has taken the run over, or it has ended.",
            "No action is needed; `etl runs` shows the run's status."
        );
}
