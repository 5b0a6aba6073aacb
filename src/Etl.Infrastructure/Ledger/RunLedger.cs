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
    private readonly LeaseOwner owner;
    private readonly TimeSpan lease;
    private readonly DbContextOptions<LedgerContext> context;
    private readonly LedgerMigrator migrator;
    private readonly RunStarter starter;
    private readonly LedgerOutbox outbox;

    public RunLedger(NpgsqlDataSource database, LeaseOwner owner, IOptions<RunOptions> options)
    {
        this.database = database;
        this.owner = owner;
        lease = TimeSpan.FromSeconds(options.Value.LeaseSeconds);
        context = LedgerContext.Options(database);
        migrator = new LedgerMigrator(database, Open);
        starter = new RunStarter(Open, owner, options.Value);
        outbox = new LedgerOutbox(database, Open);
    }

    public Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancellationToken) =>
        migrator.MigrateAsync(cancellationToken);

    public Task<RunStart> StartAsync(RunStartRequest request, CancellationToken cancellationToken) =>
        database.GuardAsync(
            $"ask the ledger for a run of {request.BusinessDate}",
            () => starter.StartAsync(request, cancellationToken)
        );

    public Task<bool> RenewLeaseAsync(RunId run, CancellationToken cancellationToken) =>
        database.GuardAsync(
            $"renew the lease of run {run}",
            async () =>
            {
                await using var ledger = Open();
                var renewed = await ledger.Database.ExecuteSqlAsync(
                    $"""
                    update etl.runs set lease_until = clock_timestamp() + {lease}
                    where run_id = {run.ToString()} and lease_owner = {owner.Text}
                    """,
                    cancellationToken
                );
                return renewed == 1;
            }
        );

    /// <summary>A run that has ended has no holder; its message's step is still to be written.</summary>
    public Task RecordStepAsync(RunId run, StepRecord step, CancellationToken cancellationToken) =>
        database.GuardAsync(
            $"record a step of run {run}",
            async () =>
            {
                await using var ledger = Open();
                var recorded = await ledger.Database.ExecuteSqlAsync(
                    $"""
                    insert into etl.run_steps (run_id, attempt, step, started_at, finished_at, succeeded, detail)
                    select run_id, {step.Attempt}, {SnakeCase.Text(step.Step)}, {step.StartedAt}, {step.FinishedAt},
                           {step.Succeeded}, {step.Detail}
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

    public Task RecordFilesAsync(RunId run, IReadOnlyList<StagedFile> files, CancellationToken cancellationToken) =>
        HoldingAsync(
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
        HoldingAsync(
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
        HoldingAsync(
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
        HoldingAsync(
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
        HoldingAsync(
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

    /// <summary>Changes what is recorded of a run, in one transaction that nobody can take the lease away from.</summary>
    private Task HoldingAsync(
        RunId run,
        string doing,
        Func<LedgerContext, Run, Task> change,
        CancellationToken cancellationToken
    ) =>
        database.GuardAsync(
            $"{doing} of run {run}",
            async () =>
            {
                await using var ledger = Open();
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

    internal static EtlException Lost(RunId run) =>
        new(
            ErrorCode.LeaseLost,
            $"Run {run} is no longer this host's: another host has taken it over, or it has ended.",
            "Nothing to do here; see `etl runs` for what became of it."
        );
}
