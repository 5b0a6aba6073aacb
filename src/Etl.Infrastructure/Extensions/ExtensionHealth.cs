using Etl.Application.Errors;
using Etl.Application.Operations;
using Etl.Domain;
using Etl.Domain.Analytics;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;
using Etl.Infrastructure.Models;
using Etl.Infrastructure.Postgres;
using Etl.Infrastructure.Transform;
using Npgsql;

namespace Etl.Infrastructure.Extensions;

/// <summary>
/// Runs the statements of extensions on empty tables, in a transaction that is rolled back: the server then has found every
/// table, column and type that a run needs.
/// </summary>
internal sealed class ExtensionHealth(
    LoadedExtensions extensions,
    DatasetCatalog datasets,
    MartCatalog marts,
    Func<NpgsqlDataSource> open
) : IHealthCheck
{
    private const string Trial = "etl_extension_trial";

    public string Name => "extensions";

    public string Needs => "database";

    public ErrorCode Cause => ErrorCode.Database;

    public Task<HealthCheckResult> CheckAsync(BusinessDate date, CancellationToken cancellationToken)
    {
        var database = open();
        return database.GuardAsync("try the extensions", () => CheckAsync(database, cancellationToken));
    }

    private async Task<HealthCheckResult> CheckAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        // Never committed.
        await using var session = await RunSession.OpenAsync(database, Trial, processes: 1, cancellationToken);
        await session.ExecuteAsync($"set local lock_timeout = '5s'; create schema {Trial}", cancellationToken);
        var plan = new TransformPlan(datasets, marts, extensions.Tests);
        foreach (var sql in TablesOf(plan))
        {
            await session.ExecuteAsync(sql, cancellationToken);
        }

        var errors = new List<EtlError>();
        foreach (var dataset in datasets.Modeled)
        {
            var (sql, schema) = (new ModelSql(dataset, datasets), $"{Trial}_{dataset.Name}");
            await TryAsync(() => ModelRows.FillAsync(session, dataset, sql, schema, Trial, cancellationToken));
        }

        foreach (var mart in marts.All.Where(m => extensions.OwnMarts.Contains(m.Name)))
        {
            await TryAsync(() => SqlBatch.ExecuteAsync(session, FileQuery.Fill(mart), cancellationToken));
        }

        foreach (var test in extensions.Tests)
        {
            await TryAsync(() => SqlBatch.ExecuteAsync(session, test.Count, cancellationToken));
        }

        return errors.Count == 0
            ? HealthCheckResult.Ok($"{Counted()}: all statements run on empty tables")
            : throw ExtensionErrors.Of(errors);

        async Task TryAsync(Func<Task> statement)
        {
            await session.ExecuteAsync("savepoint statement", cancellationToken);
            try
            {
                await statement();
            }
            catch (EtlException exception)
            {
                errors.Add(exception.Error);
            }

            // Also restores the search path that a model has set.
            await session.ExecuteAsync("rollback to savepoint statement", cancellationToken);
        }
    }

    /// <summary>The statements that create what a run has when its marts are computed, in their order.</summary>
    private IEnumerable<string> TablesOf(TransformPlan plan)
    {
        var schemas = new SchemaOptions { Store = Trial, Analytics = Trial };
        var described = DescribedTable.Of(datasets, schemas).Concat(DescribedTable.Of(marts, schemas));
        var computed = plan
            .Steps.Where(s => marts.All.All(m => m.Name != s))
            .Select(step =>
                step switch
                {
                    TransformPlan.Products => RunProducts.TableFor(datasets.TypeOf(IdOf.Product)),
                    TransformPlan.Calendar => RunCalendar.Table,
                    _ => plan.SqlOf(step),
                }
            );
        return described
            .Select(t => t.CreateSql)
            .Append(RunParameters.Table)
            .Concat(plan.Views.Select(v => v.Sql))
            .Concat(computed);
    }

    private string Counted() => extensions.Files.All.Count == 1 ? "1 file" : $"{extensions.Files.All.Count} files";
}
