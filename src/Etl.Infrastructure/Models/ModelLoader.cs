using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Application.Stage;
using Etl.Domain;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Etl.Infrastructure.Stage;
using Etl.Infrastructure.Stage.Csv;
using Etl.Infrastructure.Stage.Rollups;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Etl.Infrastructure.Models;

/// <summary>
/// Computes the rows of a model and passes them to the loader of files, as a file of the standard format: the same rules, keys,
/// sums, counts and quarantine apply.
/// </summary>
internal sealed class ModelLoader(
    DatasetCatalog datasets,
    RollupCatalog rollups,
    NpgsqlDataSource database,
    IDistribution distribution,
    IOptions<QualityOptions> quality,
    IOptions<SchemaOptions> schemas
) : IModelLoader
{
    public Task<IReadOnlyList<StagedFile>> LoadAsync(
        RunId run,
        Dataset dataset,
        IProgress<LoadProgress>? progress,
        CancellationToken cancellationToken
    ) =>
        database.GuardAsync<IReadOnlyList<StagedFile>>(
            $"compute {dataset}",
            async () =>
            {
                await using var rows = await ModelRows.ComputeAsync(
                    database,
                    run,
                    dataset,
                    datasets,
                    cancellationToken
                );
                var file = await rows.PinAsync(dataset.Model!, cancellationToken);
                var rejects = new ModelReject(dataset.Model!, new ModelSql(dataset, datasets));
                var load = new TableLoad(
                    database,
                    distribution,
                    rows,
                    quality.Value,
                    run,
                    dataset,
                    rollups,
                    new StoreTables(schemas.Value).Loads,
                    ParserSettings.DefaultKeyBudget,
                    rejects.Describe
                );
                var staged = await load.LoadAsync([file], progress, cancellationToken);
                return [.. staged.Select(OfModel)];
            }
        );

    /// <summary>The record has no header and no format of a file, and the columns of the key are no ignored ones.</summary>
    private static StagedFile OfModel(StagedFile file) =>
        file with
        {
            Role = FileRole.Model,
            IgnoredColumns = [],
            EndsWithLineEnd = null,
            Format = null,
            Header = default,
        };
}
