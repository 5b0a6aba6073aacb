using Etl.Application.Extract;
using Etl.Application.Runs;
using Etl.Application.Transform;
using Etl.Domain;
using Etl.Domain.Analytics;
using Etl.Domain.Quality;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Etl.Infrastructure.Stage.Rollups;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Etl.Infrastructure.Transform;

/// <summary>
/// Computes the marts by the SQL of this folder: the rows of each dataset are aggregated once (<c>Intermediate</c>), products
/// and calendar are added, and the marts read from those tables (<c>Marts</c>).
/// </summary>
internal sealed class AnalyticsTransformer(
    DatasetCatalog datasets,
    MartCatalog marts,
    NpgsqlDataSource database,
    RunParameters parameters,
    RunProducts products,
    RunCalendar calendar,
    IOptions<SchemaOptions> schemas,
    IOptions<PostgresOptions> postgres,
    IEnumerable<DataTest> ownTests
) : IAnalyticsTransformer
{
    private readonly TransformPlan plan = new(datasets, marts, ownTests);
    private readonly int cores = postgres.Value.CoresOf(database);

    public Task<IReadOnlyList<ColumnSum>> BuildAsync(
        RunId run,
        DateOnly asOf,
        DimensionFiles dimensions,
        CancellationToken cancellationToken
    ) =>
        database.GuardAsync(
            $"compute the analytics of run {run}",
            async () =>
            {
                var loaded = await BeginAsync(run, asOf, dimensions, cancellationToken);
                var work = new Work(run, dimensions, loaded);
                (IReadOnlyList<string> Steps, int Processes)[] parts =
                [
                    (plan.Joins, cores),
                    (plan.BesideJoins, Math.Max(1, cores / 2)),
                ];
                await Parallel.ForEachAsync(
                    parts,
                    cancellationToken,
                    async (part, stop) => await ComputeAsync(work, part.Steps, part.Processes, stop)
                );
                await using var session = await RunSession.OpenAsync(database, run, cores, cancellationToken);
                await ComputeAsync(session, work, plan.AfterJoins, cancellationToken);
                var sums = await SumsAsync(session, cancellationToken);
                await session.CommitAsync(cancellationToken);
                return sums;
            }
        );

    public Task<IReadOnlyList<DataTestResult>> TestAsync(RunId run, CancellationToken cancellationToken) =>
        database.GuardAsync(
            $"test the analytics of run {run}",
            async () =>
            {
                await using var session = await RunSession.OpenAsync(database, run, cores, cancellationToken);
                var counts = new SqlBatch(session);
                plan.Tests.ToList().ForEach(t => counts.Add(t.Count));
                var violations = await counts.ReadAsync(cancellationToken);
                return (IReadOnlyList<DataTestResult>)
                    [
                        .. plan.Tests.Zip(
                            violations,
                            (t, found) => new DataTestResult(t.Name, t.Severity, found, t.Meaning)
                        ),
                    ];
            }
        );

    /// <summary>Drops the tables of an earlier attempt, and writes the run's parameters.</summary>
    /// <returns>The rollups that the loaders have written.</returns>
    private async Task<IReadOnlyList<Rollup>> BeginAsync(
        RunId run,
        DateOnly asOf,
        DimensionFiles dimensions,
        CancellationToken cancellationToken
    )
    {
        await using var session = await RunSession.OpenAsync(database, run, cores, cancellationToken);
        var tables = new SqlBatch(session);
        tables.Add($"drop table if exists {string.Join(", ", plan.Tables.Select(Identifier.Quote))}");
        foreach (var view in plan.Views)
        {
            tables.Add($"drop view if exists {Identifier.Quote(view.Name)}");
            tables.Add(view.Sql);
        }

        await tables.ExecuteAsync(cancellationToken);
        await parameters.WriteAsync(session, run, asOf, dimensions, cancellationToken);
        var loaded = await session.Connection.ReadRowsAsync(
            "select name from unnest($1) as name where to_regclass(quote_ident(name)) is not null",
            [plan.Rollups.All.Select(r => r.Loaded).ToArray()],
            row => row.GetString(0),
            cancellationToken
        );
        await session.CommitAsync(cancellationToken);
        return [.. plan.Rollups.All.Where(r => loaded.Contains(r.Loaded))];
    }

    /// <summary>Computes tables in a transaction of their own.</summary>
    private async Task ComputeAsync(
        Work work,
        IReadOnlyList<string> steps,
        int processes,
        CancellationToken cancellationToken
    )
    {
        await using var session = await RunSession.OpenAsync(database, work.Run, processes, cancellationToken);
        await ComputeAsync(session, work, steps, cancellationToken);
        await session.CommitAsync(cancellationToken);
    }

    private async Task ComputeAsync(
        RunSession session,
        Work work,
        IReadOnlyList<string> steps,
        CancellationToken cancellationToken
    )
    {
        var statements = new SqlBatch(session);
        foreach (var step in steps)
        {
            if (step == TransformPlan.Products)
            {
                await statements.ExecuteAsync(cancellationToken);
                await products.WriteAsync(session, work.Dimensions, cancellationToken);
            }
            else if (step == TransformPlan.Calendar)
            {
                await statements.ExecuteAsync(cancellationToken);
                await calendar.WriteAsync(session, work.Dimensions, cancellationToken);
            }
            else if (marts.All.FirstOrDefault(m => m.Name == step) is { } mart)
            {
                AddMart(statements, mart);
            }
            else
            {
                statements.Add(
                    work.Loaded.FirstOrDefault(r => r.Name == step) is { } rollup
                        ? $"create table {Identifier.Quote(step)} as table {Identifier.Quote(rollup.Loaded)}"
                        : plan.SqlOf(step)
                );
            }
        }

        await statements.ExecuteAsync(cancellationToken);
    }

    /// <summary>
    /// The rows are written in the order of the key, so that the index of the key is built from sorted rows, here and by the
    /// publish. Indexes of the published table are left out: in place while rows arrive, they cost more than the rows.
    /// </summary>
    private void AddMart(SqlBatch statements, Mart mart)
    {
        var table = Identifier.Quote(mart.Name);
        var published = Identifier.Quote(schemas.Value.Analytics, mart.Name);
        var fill = FileQuery.Fill(mart);
        statements.Add($"create table {table} (like {published} including all excluding indexes)");
        statements.Add(fill);
        var key = string.Join(", ", mart.Key.Select(Identifier.Quote));
        statements.Add($"alter table {table} add primary key ({key})", fill);
    }

    /// <summary>
    /// The sums of every dataset: from the intermediate table whose header declares them, otherwise by one pass over the rows.
    /// </summary>
    private async Task<IReadOnlyList<ColumnSum>> SumsAsync(RunSession session, CancellationToken cancellationToken)
    {
        var sums = new List<ColumnSum>();
        foreach (var (dataset, table) in plan.Sums)
        {
            var sql = $"select {ColumnSums.Select(dataset)} from {Identifier.Quote(table)}";
            await using var command = session.Command(sql);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            sums.AddRange(ColumnSums.Read(dataset, reader));
        }

        return sums;
    }

    /// <param name="Run">The run.</param>
    /// <param name="Dimensions">The optional files beside the sources.</param>
    /// <param name="Loaded">The rollups that the loaders have written.</param>
    private sealed record Work(RunId Run, DimensionFiles Dimensions, IReadOnlyList<Rollup> Loaded);
}
