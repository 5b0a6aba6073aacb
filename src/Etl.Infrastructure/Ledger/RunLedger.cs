using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Etl.Infrastructure.Ledger;

/// <summary>The ledger in schema <c>etl</c>. Whoever has lost a run's lease can write nothing of it any more.</summary>
internal sealed class RunLedger : ILedgerMigrations, IRunLease, IRunJournal, IOutbox, IRunHistory
{
    private readonly NpgsqlDataSource database;
    private readonly RunLease lease;
    private readonly LedgerMigrator migrator;
    private readonly RunStarter starter;
    private readonly LedgerOutbox outbox;
    private readonly RunHistories histories;

    public RunLedger(NpgsqlDataSource database, LeaseOwner owner, IOptions<RunOptions> options)
    {
        this.database = database;
        migrator = new LedgerMigrator(database);
        starter = new RunStarter(database, owner, options.Value);
        outbox = new LedgerOutbox(database, owner);
        histories = new RunHistories(database);
        lease = new RunLease(database, owner, TimeSpan.FromSeconds(options.Value.LeaseSeconds));
    }

    public Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancellationToken) =>
        migrator.MigrateAsync(cancellationToken);

    public Task<IReadOnlyList<string>> ListPendingAsync(CancellationToken cancellationToken) =>
        database.GuardAsync("read the ledger's migrations", () => migrator.PendingAsync(cancellationToken));

    public Task<RunStart> StartAsync(RunStartRequest request, CancellationToken cancellationToken) =>
        database.GuardAsync(
            $"ask the ledger for a run of {request.BusinessDate}",
            () => starter.StartAsync(request, cancellationToken)
        );

    public Task<RunStart> ForecastAsync(RunStartRequest request, CancellationToken cancellationToken) =>
        database.GuardAsync(
            $"ask the ledger what it would do with {request.BusinessDate}",
            async () =>
            {
                var pending = await migrator.PendingAsync(cancellationToken);
                return pending.Count == LedgerMigrator.All.Count
                    ? starter.First(request)
                    : await starter.ForecastAsync(request, cancellationToken);
            }
        );

    public Task<bool> RenewAsync(RunId run, CancellationToken cancellationToken) =>
        lease.RenewAsync(run, cancellationToken);

    public Task RecordStepAsync(RunId run, StepRecord step, CancellationToken cancellationToken) =>
        lease.RecordStepAsync(run, step, cancellationToken);

    public Task RecordFilesAsync(RunId run, IReadOnlyList<StagedFile> files, CancellationToken cancellationToken) =>
        lease.HoldingAsync(run, "record the files", (held, _) => LedgerFacts.Replace(held, files), cancellationToken);

    public Task RecordTestsAsync(RunId run, IReadOnlyList<DataTestResult> tests, CancellationToken cancellationToken) =>
        lease.HoldingAsync(
            run,
            "record the data tests",
            (held, _) => LedgerFacts.Replace(held, tests),
            cancellationToken
        );

    public Task RecordExportsAsync(
        RunId run,
        IReadOnlyList<ExportRecord> exports,
        string manifestUri,
        CancellationToken cancellationToken
    ) =>
        lease.HoldingAsync(
            run,
            "record the exports",
            (held, now) =>
            {
                held.Export(now);
                return
                [
                    .. LedgerFacts.Replace(held, exports),
                    RunTable.SetManifest(held, manifestUri),
                    RunTable.Update(held),
                ];
            },
            cancellationToken
        );

    public Task RecordReportAsync(RunId run, string uri, CancellationToken cancellationToken) =>
        database.GuardAsync(
            "record the report",
            () =>
                database.ExecuteAsync(
                    $"update etl.runs set report_uri = {uri} where run_id = {run.ToString()}",
                    cancellationToken
                )
        );

    public Task FailAsync(RunId run, RunStatus status, EtlError error, CancellationToken cancellationToken) =>
        lease.HoldingAsync(
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
        lease.HoldingAsync(
            run,
            "record the end",
            (held, now) =>
            {
                held.Finish(now);
                return [RunTable.Update(held)];
            },
            cancellationToken
        );

    public Task RecordUsageAsync(RunId run, RunUsage usage, CancellationToken cancellationToken) =>
        database.GuardAsync(
            $"record what run {run} took",
            () =>
                database.ExecuteAsync(
                    $"""
                    update etl.runs set duration_ms = duration_ms + {(long)
                        Math.Ceiling(usage.Duration.TotalMilliseconds)},
                      peak_memory_bytes = greatest(peak_memory_bytes, {usage.PeakMemoryBytes})
                    where run_id = {run.ToString()}
                    """,
                    cancellationToken
                )
        );

    public Task<IReadOnlyList<RunId>> ListUnnotifiedAsync(CancellationToken cancellationToken) =>
        outbox.ListUnnotifiedAsync(cancellationToken);

    public Task QueueAsync(Message message, CancellationToken cancellationToken) =>
        outbox.QueueAsync(message, cancellationToken);

    public Task<IReadOnlyList<Message>> ClaimAsync(CancellationToken cancellationToken) =>
        outbox.ClaimAsync(cancellationToken);

    public Task RecordAsync(Message message, bool sent, CancellationToken cancellationToken) =>
        outbox.RecordAsync(message, sent, cancellationToken);

    public Task<RunHistory?> FindAsync(RunId run, CancellationToken cancellationToken) =>
        histories.FindAsync(run, cancellationToken);

    public Task<IReadOnlyList<RunHistory>> ListAsync(int maxCount, CancellationToken cancellationToken) =>
        database.GuardAsync(
            "read the ledger",
            async () =>
            {
                await using var ledger = LedgerContext.Open(database);
                return await ledger.ListAsync(maxCount, cancellationToken);
            }
        );

    public Task<IReadOnlyList<RunHistory>> ListBetweenAsync(
        DateTimeOffset from,
        DateTimeOffset until,
        CancellationToken cancellationToken
    ) =>
        database.GuardAsync(
            "read the ledger",
            async () =>
            {
                await using var ledger = LedgerContext.Open(database);
                return await ledger.ListBetweenAsync(from, until, cancellationToken);
            }
        );

    public Task<RunHistory?> PreviousAsync(RunId run, CancellationToken cancellationToken) =>
        histories.PreviousAsync(run, cancellationToken);

    public Task<RunHistory?> LastEndedBeforeAsync(RunId run, CancellationToken cancellationToken) =>
        histories.LastEndedBeforeAsync(run, cancellationToken);
}
