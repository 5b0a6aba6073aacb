using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Application.Publish;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Analytics;
using Etl.Domain.Runs;
using Etl.Infrastructure.Ledger;
using Etl.Infrastructure.Postgres;
using Etl.Infrastructure.Publish;
using Etl.Infrastructure.Transform;
using Etl.IntegrationTests.Distribution;
using Etl.TestKit;
using Microsoft.Extensions.Options;
using Moq;
using Npgsql;

namespace Etl.IntegrationTests.Ledger;

/// <summary>One host's view of a ledger; a second one is another process as far as leases go.</summary>
internal sealed class LedgerHost(
    TestDatabase database,
    int keepRuns = 2,
    LeaseOwner? owner = null,
    bool takeOverGone = true,
    IRunObserver? observer = null
)
{
    private readonly LeaseOwner owner = owner ?? new LeaseOwner();

    public static readonly BusinessDate Monday = BusinessDate.Parse("2022-09-05");
    public static readonly BusinessDate Tuesday = BusinessDate.Parse("2022-09-06");
    public static readonly EtlError SomeFault = new(
        ErrorCode.SourceMissing,
        "orders.csv is not there.",
        "Put it there."
    );

    public LedgerMigrations Migrations => new(database.DataSource);

    public RunLease Lease => new(database.DataSource, owner, Leased, Migrations, RunOptions);

    public RunJournal Journal => new(database.DataSource, owner, Leased);

    public LedgerOutbox Outbox => new(database.DataSource, owner);

    public RunHistoryReader History => new(database.DataSource);

    private LeasedRuns Leased => new(database.DataSource, owner);

    public IPublisher Publisher =>
        new Publisher(
            DatasetCatalog.BuiltIn,
            MartFiles.BuiltIn,
            database.DataSource,
            owner,
            new AttachedLoads(Options.Create(new SchemaOptions()), RunOptions),
            TestDistribution.Of(database.ConnectionString, DatasetCatalog.BuiltIn),
            Options.Create(new SchemaOptions()),
            RunOptions,
            observer ?? Mock.Of<IRunObserver>(),
            TimeProvider.System
        );

    private IOptions<RunOptions> RunOptions =>
        Options.Create(
            new RunOptions
            {
                LeaseSeconds = 30,
                KeepRuns = keepRuns,
                TakeOverGoneProcesses = takeOverGone,
            }
        );

    public Task<RunStart> StartAsync(BusinessDate date, bool force = false, DateOnly? asOf = null) =>
        Lease.StartAsync(new RunStartRequest(date, asOf ?? date.Value, Trigger.Manual, force), default);

    public async Task<RunId> BeginAsync(BusinessDate date, bool force = false) =>
        (await StartAsync(date, force)) is { Decision: RunDecision.Begin } begun
            ? begun.Run.Id
            : throw new InvalidOperationException("The ledger was expected to let a run begin.");

    /// <summary>A run from its beginning to its end, as the ledger sees it.</summary>
    public async Task<RunId> SucceedAsync(BusinessDate date, bool force = false)
    {
        var run = await BeginAsync(date, force);
        await PublishAsync(run);
        await Lease.FinishAsync(run, default);
        return run;
    }

    /// <summary>What the publisher does to the ledger.</summary>
    public Task PublishAsync(RunId run) =>
        ExecuteAsync(
            $"""
            update etl.runs set status = 'superseded'
            where business_date = '{run.BusinessDate}' and status = 'succeeded';
            update etl.runs set status = 'succeeded', published_at = now() where run_id = '{run}'
            """
        );

    /// <summary>The lease of a run expires.</summary>
    public Task DieAsync(RunId run) =>
        ExecuteAsync($"update etl.runs set lease_until = now() - interval '1 second' where run_id = '{run}'");

    public async Task ExecuteAsync(string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T?> ScalarAsync<T>(string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }

    public async Task<Run> FindAsync(RunId run) => (await History.FindAsync(run, default))!.Run;
}
