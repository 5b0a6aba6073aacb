using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Etl.Infrastructure.Ledger;

/// <summary>Starts, extends and ends the lease of a run.</summary>
internal sealed class RunLease(
    NpgsqlDataSource database,
    LeaseOwner owner,
    LeasedRuns leased,
    LedgerMigrations migrations,
    IOptions<RunOptions> options
) : IRunLease
{
    private readonly RunStarter starter = new(database, owner, options.Value);
    private readonly TimeSpan duration = TimeSpan.FromSeconds(options.Value.LeaseSeconds);

    public Task<RunStart> StartAsync(RunStartRequest request, CancellationToken cancellationToken) =>
        database.GuardAsync(
            $"start a run of {request.BusinessDate}",
            () => starter.StartAsync(request, cancellationToken)
        );

    public Task<RunStart> ForecastAsync(RunStartRequest request, CancellationToken cancellationToken) =>
        database.GuardAsync(
            $"read the ledger for a run of {request.BusinessDate}",
            async () =>
                (await migrations.ListPendingAsync(cancellationToken)).Count == LedgerMigrations.All.Count
                    ? starter.First(request)
                    : await starter.ForecastAsync(request, cancellationToken)
        );

    public Task<bool> RenewAsync(RunId run, CancellationToken cancellationToken) =>
        database.GuardAsync(
            $"renew the lease of run {run}",
            async () =>
                await database.ExecuteAsync(
                    $"""
                    update etl.runs set lease_until = clock_timestamp() + {duration}
                    where run_id = {run.ToString()} and lease_owner = {owner.Text}
                    """,
                    cancellationToken
                ) == 1
        );

    public Task FailAsync(RunId run, RunStatus status, EtlError error, CancellationToken cancellationToken) =>
        leased.ChangeAsync(
            run,
            "record the end",
            (held, now) =>
            {
                if (held.Status == RunStatus.Running)
                {
                    held.End(status, error.Code.Text(), error.Message, error.NextStep, now);
                }
                else
                {
                    held.Interrupt(error.Code.Text(), error.Message, error.NextStep);
                }

                return [RunTable.Update(held)];
            },
            cancellationToken
        );

    public Task FinishAsync(RunId run, CancellationToken cancellationToken) =>
        leased.ChangeAsync(
            run,
            "record the end",
            (held, now) =>
            {
                held.Finish(now);
                return [RunTable.Update(held)];
            },
            cancellationToken
        );
}
