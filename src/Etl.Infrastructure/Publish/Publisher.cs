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

namespace Etl.Infrastructure.Publish;

/// <summary>Publishes a run by a row of the pointer, and later removes what no reader can see any more.</summary>
internal sealed class Publisher(
    DatasetCatalog datasets,
    MartCatalog marts,
    NpgsqlDataSource database,
    LeaseOwner owner,
    AttachedLoads loads,
    IDistribution distribution,
    IOptions<SchemaOptions> schemas,
    IOptions<RunOptions> run,
    IRunObserver observer,
    TimeProvider clock
) : IPublisher, IRollback, IPublishedRun
{
    private readonly PublishSql sql = new(schemas.Value);
    private readonly RunSchemas runSchemas = new(new PublishSql(schemas.Value), distribution, run.Value.KeepRuns);
    private readonly RollbackPlanner rollbacks = new(database, datasets, marts, schemas.Value, run.Value.KeepRuns);

    public Task<TimeSpan> PublishAsync(RunId run, CancellationToken cancellationToken) =>
        database.GuardAsync(
            $"publish run {run}",
            async () =>
            {
                var plan = await PublishPlan.MakeAsync(database, sql, run, datasets, marts, cancellationToken);
                return await PublishAsync(plan, cancellationToken);
            }
        );

    public Task<RollbackPlan> PlanAsync(RunId to, CancellationToken cancellationToken) =>
        database.GuardAsync($"see what follows run {to}", () => rollbacks.PlanAsync(to, cancellationToken));

    public Task<RollbackPlan> RollBackAsync(RunId run, RunId to, CancellationToken cancellationToken) =>
        database.GuardAsync(
            $"roll back to run {to}",
            async () =>
            {
                var (plan, publish) = await rollbacks.PlanPublishAsync(run, to, cancellationToken);
                if (plan.Restored is null)
                {
                    await PublishAsync(publish, cancellationToken);
                }

                return plan;
            }
        );

    private async Task<TimeSpan> PublishAsync(PublishPlan plan, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var attempt = new PublishAttempt(connection, plan, owner, distribution, schemas.Value, clock);
        var elapsed = await attempt.PublishAsync(cancellationToken);
        await loads.WatchAsync(connection, cancellationToken);
        return elapsed;
    }

    public Task<RunId?> FindPublishedAsync(CancellationToken cancellationToken) =>
        database.GuardAsync<RunId?>(
            "see which run is published",
            async () =>
            {
                await using var connection = await database.OpenConnectionAsync(cancellationToken);
                return await loads.NewestAsync(connection, cancellationToken) is var (_, run) ? RunId.Parse(run) : null;
            }
        );

    public Task CleanUpAsync(CancellationToken cancellationToken) =>
        database.GuardAsync(
            "drop the tables of runs before",
            async () =>
            {
                await using var connection = await database.OpenConnectionAsync(cancellationToken);
                await loads.DetachAsync(connection, cancellationToken);
                await runSchemas.DropOldAsync(connection, cancellationToken);
                if (await loads.WarningAsync(connection, cancellationToken) is var (message, nextStep))
                {
                    observer.Warned(null, $"{message} {nextStep}");
                }
            }
        );
}
