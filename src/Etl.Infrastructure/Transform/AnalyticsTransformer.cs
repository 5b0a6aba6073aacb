using Etl.Application.Extract;
using Etl.Application.Runs;
using Etl.Application.Transform;
using Etl.Domain;
using Etl.Domain.Analytics;
using Etl.Domain.Quality;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
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
    IEnumerable<DataTest> ownTests
) : IAnalyticsTransformer
{
    private readonly TransformPlan plan = new(datasets, marts, ownTests);

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
                await BeginAsync(run, asOf, dimensions, cancellationToken);
                await Parallel.ForEachAsync(
                    plan.Passes,
                    new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellationToken },
                    async (pass, stop) => await PassAsync(run, pass, stop)
                );
                await using var session = await RunSession.OpenAsync(database, run, cancellationToken);
                foreach (var step in plan.Steps)
                {
                    await ComputeAsync(session, step, dimensions, cancellationToken);
                }

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
                await using var session = await RunSession.OpenAsync(database, run, cancellationToken);
                var results = new List<DataTestResult>();
                foreach (var test in plan.Tests)
                {
                    var violations = await test.Count.ExecuteAsync(session, cancellationToken);
                    results.Add(new DataTestResult(test.Name, test.Severity, violations, test.Meaning));
                }

                return (IReadOnlyList<DataTestResult>)results;
            }
        );

    /// <summary>Drops the tables of an earlier attempt, and writes the run's parameters.</summary>
    private async Task BeginAsync(
        RunId run,
        DateOnly asOf,
        DimensionFiles dimensions,
        CancellationToken cancellationToken
    )
    {
        await using var session = await RunSession.OpenAsync(database, run, cancellationToken);
        foreach (var view in plan.Views)
        {
            await session.ExecuteAsync($"drop view if exists {Identifier.Quote(view.Name)}", cancellationToken);
            await session.ExecuteAsync(view.Sql, cancellationToken);
        }

        var tables = string.Join(", ", plan.Tables.Select(Identifier.Quote));
        await session.ExecuteAsync($"drop table if exists {tables}", cancellationToken);
        await parameters.WriteAsync(session, run, asOf, dimensions, cancellationToken);
        await session.CommitAsync(cancellationToken);
    }

    private async Task PassAsync(RunId run, Intermediate pass, CancellationToken cancellationToken)
    {
        await using var session = await RunSession.OpenAsync(database, run, cancellationToken);
        await session.ExecuteAsync(pass.Sql, cancellationToken);
        await session.CommitAsync(cancellationToken);
    }

    private async Task ComputeAsync(
        RunSession session,
        string step,
        DimensionFiles dimensions,
        CancellationToken cancellationToken
    )
    {
        if (step == TransformPlan.Products)
        {
            await products.WriteAsync(session, dimensions, cancellationToken);
        }
        else if (step == TransformPlan.Calendar)
        {
            await calendar.WriteAsync(session, dimensions, cancellationToken);
        }
        else if (marts.All.FirstOrDefault(m => m.Name == step) is { } mart)
        {
            var published = Identifier.Quote(schemas.Value.Analytics, step);
            await session.ExecuteAsync(
                $"create table {Identifier.Quote(step)} (like {published} including all)",
                cancellationToken
            );
            await FileQuery.Fill(mart).ExecuteAsync(session, cancellationToken);
        }
        else
        {
            await session.ExecuteAsync(plan.SqlOf(step), cancellationToken);
        }
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
}
