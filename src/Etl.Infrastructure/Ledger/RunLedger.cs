using Etl.Application.Errors;
using Etl.Application.Ports;
using Etl.Application.Settings;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Etl.Infrastructure.Ledger;

/// <summary>The ledger in schema <c>etl</c>. Whoever has lost a run's lease can write nothing of it any more.</summary>
internal sealed class RunLedger : IRunLedger
{
    private readonly NpgsqlDataSource database;
    private readonly RunLease lease;
    private readonly DbContextOptions<LedgerContext> context;
    private readonly LedgerMigrator migrator;
    private readonly RunStarter starter;
    private readonly LedgerOutbox outbox;

    public RunLedger(NpgsqlDataSource database, LeaseOwner owner, IOptions<RunOptions> options)
    {
        this.database = database;
        context = LedgerContext.Options(database);
        migrator = new LedgerMigrator(database, Open);
        starter = new RunStarter(Open, owner, options.Value);
        outbox = new LedgerOutbox(database, owner);
        lease = new RunLease(database, Open, owner, TimeSpan.FromSeconds(options.Value.LeaseSeconds));
    }

    public Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancellationToken) =>
        migrator.MigrateAsync(cancellationToken);

    public Task<RunStart> StartAsync(RunStartRequest request, CancellationToken cancellationToken) =>
        database.GuardAsync(
            $"ask the ledger for a run of {request.BusinessDate}",
            () => starter.StartAsync(request, cancellationToken)
        );

    public Task<bool> RenewLeaseAsync(RunId run, CancellationToken cancellationToken) =>
        lease.RenewAsync(run, cancellationToken);

    public Task RecordStepAsync(RunId run, StepRecord step, CancellationToken cancellationToken) =>
        lease.RecordStepAsync(run, step, cancellationToken);

    public Task RecordFilesAsync(RunId run, IReadOnlyList<StagedFile> files, CancellationToken cancellationToken) =>
        lease.HoldingAsync(
            run,
            "record the files",
            async (ledger, held) =>
            {
                await ledger.Files.Where(f => f.RunId == held.RunId).ExecuteDeleteAsync(cancellationToken);
                ledger.Files.AddRange(files.Select(f => LedgerFacts.Of(held, f)));
            },
            cancellationToken
        );

    public Task RecordTestsAsync(RunId run, IReadOnlyList<DataTestResult> tests, CancellationToken cancellationToken) =>
        lease.HoldingAsync(
            run,
            "record the data tests",
            async (ledger, held) =>
            {
                await ledger.Tests.Where(t => t.RunId == held.RunId).ExecuteDeleteAsync(cancellationToken);
                ledger.Tests.AddRange(tests.Select(t => LedgerFacts.Of(held, t)));
            },
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
            async (ledger, held) =>
            {
                await ledger.Exports.Where(e => e.RunId == held.RunId).ExecuteDeleteAsync(cancellationToken);
                ledger.Exports.AddRange(exports.Select(e => LedgerFacts.Of(held, e)));
                ledger.Entry(held).Property(LedgerContext.ManifestUri).CurrentValue = manifestUri;
                held.Export(await ledger.ClockAsync(cancellationToken));
            },
            cancellationToken
        );

    public Task FailAsync(RunId run, RunStatus status, EtlError error, CancellationToken cancellationToken) =>
        lease.HoldingAsync(
            run,
            "record the end",
            async (ledger, held) =>
            {
                if (held.Status == RunStatus.Running)
                {
                    var now = await ledger.ClockAsync(cancellationToken);
                    held.End(status, error.Code.Text(), error.Message, error.NextStep, now);
                }
                else
                {
                    held.Interrupt(error.Code.Text(), error.Message, error.NextStep);
                }
            },
            cancellationToken
        );

    public Task FinishAsync(RunId run, CancellationToken cancellationToken) =>
        lease.HoldingAsync(
            run,
            "record the end",
            async (ledger, held) => held.Finish(await ledger.ClockAsync(cancellationToken)),
            cancellationToken
        );

    public Task QueueMessageAsync(Message message, CancellationToken cancellationToken) =>
        outbox.QueueAsync(message, cancellationToken);

    public Task<IReadOnlyList<Message>> ClaimMessagesAsync(CancellationToken cancellationToken) =>
        outbox.ClaimAsync(cancellationToken);

    public Task RecordMessageAsync(Message message, bool sent, CancellationToken cancellationToken) =>
        outbox.RecordAsync(message, sent, cancellationToken);

    public async Task<RunHistory?> FindAsync(RunId run, CancellationToken cancellationToken) =>
        (await ReadAsync(runs => runs.Where(r => r.RunId == run.ToString()), cancellationToken)).SingleOrDefault();

    public Task<IReadOnlyList<RunHistory>> ListAsync(int most, CancellationToken cancellationToken) =>
        ReadAsync(runs => runs.OrderByDescending(r => r.StartedAt).Take(most), cancellationToken);

    public async Task<RunHistory?> PreviousAsync(RunId run, CancellationToken cancellationToken)
    {
        var (day, number) = (run.BusinessDate.Value, run.Number);
        var found = await ReadAsync(
            runs =>
                runs.Where(r => r.Status == RunStatus.Succeeded || r.Status == RunStatus.Superseded)
                    .Where(r => r.BusinessDate < day || (r.BusinessDate == day && r.Number < number))
                    .OrderByDescending(r => r.BusinessDate)
                    .ThenByDescending(r => r.Number)
                    .Take(1),
            cancellationToken
        );
        return found.SingleOrDefault();
    }

    public async Task<RunHistory?> LastEndedBeforeAsync(RunId run, CancellationToken cancellationToken)
    {
        var found = await ReadAsync(
            runs =>
                runs.Where(r => r.RunId != run.ToString() && r.FinishedAt != null)
                    .OrderByDescending(r => r.FinishedAt)
                    .Take(1),
            cancellationToken
        );
        return found.SingleOrDefault();
    }

    private LedgerContext Open() => new(context);

    private Task<IReadOnlyList<RunHistory>> ReadAsync(
        Func<IQueryable<Run>, IQueryable<Run>> which,
        CancellationToken cancellationToken
    ) =>
        database.GuardAsync(
            "read the ledger",
            async () =>
            {
                await using var ledger = Open();
                return await ledger.HistoriesAsync(which(ledger.Runs), cancellationToken);
            }
        );
}
