using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Application.Publish;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Analytics;
using Etl.Domain.Runs;
using Etl.Infrastructure.Ledger;
using Etl.Infrastructure.Postgres;
using Microsoft.Extensions.Options;
using Npgsql;
using Polly;
using Polly.Retry;

namespace Etl.Infrastructure.Publish;

/// <summary>Publishes in one short transaction, and tries again where readers hold the tables.</summary>
internal sealed class Publisher : IPublisher, IPublishedRun
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongRead = TimeSpan.FromSeconds(1);

    private readonly DatasetCatalog datasets;
    private readonly MartCatalog marts;
    private readonly NpgsqlDataSource database;
    private readonly LeaseOwner owner;
    private readonly PostgresOptions options;
    private readonly TimeProvider clock;
    private readonly SchemaOptions schemas;
    private readonly RunSchemas runSchemas;
    private readonly StagingReaders readers;
    private readonly IRunObserver observer;

    public Publisher(
        DatasetCatalog datasets,
        MartCatalog marts,
        NpgsqlDataSource database,
        LeaseOwner owner,
        IOptions<PostgresOptions> options,
        IOptions<SchemaOptions> schemas,
        IOptions<RunOptions> run,
        IRunObserver observer,
        TimeProvider clock
    )
    {
        this.datasets = datasets;
        this.marts = marts;
        this.database = database;
        this.owner = owner;
        this.options = options.Value;
        this.clock = clock;
        this.schemas = schemas.Value;
        this.observer = observer;
        readers = new StagingReaders(database, schemas.Value);
        runSchemas = new RunSchemas(database, run.Value.KeepRuns, LockTimeout);
    }

    private TimeSpan LockTimeout => TimeSpan.FromMilliseconds(options.LockTimeoutMilliseconds);

    public Task<TimeSpan> PublishAsync(RunId run, CancellationToken cancellationToken) =>
        database.GuardAsync(
            $"publish run {run}",
            async () =>
            {
                var plan = await PublishPlan.MakeAsync(database, run, datasets, marts, cancellationToken);
                try
                {
                    return await RetryPolicy(run).ExecuteAsync(TryAsync, plan, cancellationToken);
                }
                catch (PostgresException exception) when (IsLock(exception))
                {
                    var holders = await readers.FindAsync(cancellationToken);
                    throw holders.Count == 0 ? exception : PublishErrors.Held(run, holders, exception);
                }
            }
        );

    public Task<RunId?> FindPublishedAsync(CancellationToken cancellationToken) =>
        database.GuardAsync<RunId?>(
            "see which run is published",
            async () =>
            {
                await using var command = database.CreateCommand(PublishSql.PublishedRun);
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = schemas.Staging });
                return await command.ExecuteScalarAsync(cancellationToken) is string id ? RunId.Parse(id) : null;
            }
        );

    public Task CleanUpAsync(CancellationToken cancellationToken) =>
        database.GuardAsync("drop the tables of runs before", () => runSchemas.DropOldAsync(cancellationToken));

    private async ValueTask<TimeSpan> TryAsync(PublishPlan plan, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var attempt = new PublishAttempt(connection, plan, owner, schemas, LockTimeout, clock);
        return await attempt.PublishAsync(cancellationToken);
    }

    /// <summary>
    /// A try that failed left nothing behind, and one whose commit went unheard is recognised by the next: so whatever
    /// may pass is tried again.
    /// </summary>
    private ResiliencePipeline RetryPolicy(RunId run)
    {
        var begun = clock.GetTimestamp();
        var bound = TimeSpan.FromSeconds(options.PublishWaitSeconds);
        return new ResiliencePipelineBuilder { TimeProvider = clock }
            .AddRetry(
                new RetryStrategyOptions
                {
                    ShouldHandle = a =>
                        ValueTask.FromResult(a.Outcome.Exception is NpgsqlException { IsTransient: true } && !IsOver()),
                    OnRetry = async a =>
                    {
                        if (a.Outcome.Exception is PostgresException exception && IsLock(exception))
                        {
                            await WaitForReadersAsync(run, IsOver, a.Context.CancellationToken);
                        }
                    },
                    MaxRetryAttempts = int.MaxValue,
                    BackoffType = DelayBackoffType.Exponential,
                    Delay = FirstPause,
                    MaxDelay = LongestPause,
                    UseJitter = true,
                }
            )
            .Build();

        bool IsOver() => clock.GetElapsedTime(begun) >= bound;
    }

    /// <summary>
    /// Each try makes new readers wait behind it. While a transaction holds the tables for longer than a moment, a try would
    /// fail, so none is made.
    /// </summary>
    private async Task WaitForReadersAsync(RunId run, Func<bool> isOver, CancellationToken cancellationToken)
    {
        var reported = new HashSet<string>();
        var before = await readers.FindAsync(cancellationToken);
        while (before.Count > 0 && !isOver())
        {
            await Task.Delay(LongRead, clock, cancellationToken);
            var now = await readers.FindAsync(cancellationToken);
            var still = now.Where(r => before.Any(b => b.Transaction == r.Transaction)).ToList();
            foreach (var reader in still.Where(r => reported.Add(r.Transaction)))
            {
                observer.Warned(run, $"The publish waits for {reader}, which reads staging.");
            }

            before = still.Count > 0 ? now : [];
        }
    }

    private static bool IsLock(PostgresException exception) =>
        exception.SqlState == PostgresErrorCodes.LockNotAvailable;
}

/// <summary>The errors of a publish.</summary>
internal static class PublishErrors
{
    /// <summary>Readers held the tables until the time to wait was over.</summary>
    public static EtlException Held(RunId run, IReadOnlyList<StagingReader> holders, PostgresException cause) =>
        new(
            new EtlError(
                ErrorCode.Database,
                $"Could not publish run {run}: staging is read by {string.Join(" and by ", holders.Take(3))}.",
                holders.FirstOrDefault(h => h.Pid is not null) is { } first
                    ? $"Wait until they end, or end them (select pg_terminate_backend({first.Pid})); then run again."
                    : "Commit or roll back the prepared transaction; then run again.",
                Retryable: true
            )
            {
                SqlState = cause.SqlState,
            },
            cause
        );
}
