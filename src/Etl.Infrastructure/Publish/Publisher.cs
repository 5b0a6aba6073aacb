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

    private readonly DatasetCatalog datasets;
    private readonly MartCatalog marts;
    private readonly NpgsqlDataSource database;
    private readonly LeaseOwner owner;
    private readonly PostgresOptions options;
    private readonly TimeProvider clock;
    private readonly SchemaOptions schemas;
    private readonly RunSchemas runSchemas;

    public Publisher(
        DatasetCatalog datasets,
        MartCatalog marts,
        NpgsqlDataSource database,
        LeaseOwner owner,
        IOptions<PostgresOptions> options,
        IOptions<SchemaOptions> schemas,
        IOptions<RunOptions> run,
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
        runSchemas = new RunSchemas(database, run.Value.KeepRuns, LockTimeout);
    }

    private TimeSpan LockTimeout => TimeSpan.FromMilliseconds(options.LockTimeoutMilliseconds);

    public Task<TimeSpan> PublishAsync(RunId run, CancellationToken cancellationToken) =>
        database.GuardAsync(
            $"publish run {run}",
            async () =>
            {
                var plan = await PublishPlan.MakeAsync(database, run, datasets, marts, cancellationToken);
                return await RetryPolicy().ExecuteAsync(TryAsync, plan, cancellationToken);
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
    private ResiliencePipeline RetryPolicy()
    {
        var begun = clock.GetTimestamp();
        var bound = TimeSpan.FromSeconds(options.PublishWaitSeconds);
        return new ResiliencePipelineBuilder { TimeProvider = clock }
            .AddRetry(
                new RetryStrategyOptions
                {
                    ShouldHandle = a =>
                        ValueTask.FromResult(
                            a.Outcome.Exception is NpgsqlException { IsTransient: true }
                                && clock.GetElapsedTime(begun) < bound
                        ),
                    MaxRetryAttempts = int.MaxValue,
                    BackoffType = DelayBackoffType.Exponential,
                    Delay = FirstPause,
                    MaxDelay = LongestPause,
                    UseJitter = true,
                }
            )
            .Build();
    }
}
