using Etl.Application.Extract;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Application.Stage;
using Etl.Domain;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Etl.Infrastructure.Stage.Csv;
using Etl.Infrastructure.Stage.Rollups;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Etl.Infrastructure.Stage;

internal sealed class StagingLoader(
    DatasetCatalog datasets,
    RollupCatalog rollups,
    NpgsqlDataSource database,
    IDistribution distribution,
    ISourceStore source,
    IOptions<QualityOptions> quality,
    SharedParts shared,
    IOptions<SchemaOptions> schemas,
    LoadStreams streams,
    long keyBudgetBytes
) : IStagingLoader
{
    private static readonly string[] RejectTables = ["etl.quarantine", "etl.reject_counts"];

    public StagingLoader(
        DatasetCatalog datasets,
        RollupCatalog rollups,
        NpgsqlDataSource database,
        IDistribution distribution,
        ISourceStore source,
        IOptions<QualityOptions> quality,
        SharedParts shared,
        IOptions<SchemaOptions> schemas,
        LoadStreams streams
    )
        : this(
            datasets,
            rollups,
            database,
            distribution,
            source,
            quality,
            shared,
            schemas,
            streams,
            ParserSettings.DefaultKeyBudget
        ) { }

    public Task PrepareAsync(RunId run, CancellationToken cancellationToken) =>
        database.GuardAsync(
            $"create the tables of run {run}",
            async () =>
            {
                await using var connection = await database.OpenConnectionAsync(cancellationToken);
                await PartClaims.ClearAsync(connection, distribution, run, cancellationToken);
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                foreach (var rejects in RejectTables)
                {
                    var sql = $"delete from {rejects} where run_id = $1";
                    await connection.ExecuteSqlAsync(sql, [run.ToString()], cancellationToken);
                }

                await connection.ExecuteSqlAsync(StagingTables.DropOrRename(run), cancellationToken);
                await connection.ExecuteSqlAsync(StagingTables.Create(run, datasets.All), cancellationToken);
                foreach (var sql in distribution.Place(run, datasets.All))
                {
                    await connection.ExecuteSqlAsync(sql, cancellationToken);
                }

                await connection.ExecuteSqlAsync(StagingTables.BeginLoad(run, Loads), cancellationToken);
                await transaction.CommitAsync(cancellationToken);
            }
        );

    public Task<IReadOnlyList<StagedFile>> LoadAsync(
        RunId run,
        Dataset dataset,
        IReadOnlyList<SourceFile> parts,
        IProgress<LoadProgress>? progress,
        CancellationToken cancellationToken
    ) =>
        database.GuardAsync(
            $"load {dataset}",
            () =>
                shared.Shares(parts)
                    ? shared.LoadAsync(run, dataset, parts, progress, cancellationToken)
                    : Table(run, dataset).LoadAsync(parts, progress, cancellationToken)
        );

    public Task<IReadOnlyList<StagedFile>> ReplayAsync(
        RunId run,
        RunId baseRun,
        Dataset dataset,
        IReadOnlyList<SourceFile> corrected,
        IProgress<LoadProgress>? progress,
        CancellationToken cancellationToken
    ) =>
        database.GuardAsync(
            $"take over {dataset} of run {baseRun}",
            async () =>
            {
                var exported = dataset with { Format = await FormatOfExportAsync(baseRun, dataset, cancellationToken) };
                return await Table(run, exported).ReplayAsync(baseRun, corrected, progress, cancellationToken);
            }
        );

    public Task CompleteAsync(RunId run, CancellationToken cancellationToken) =>
        database.GuardAsync(
            $"finish the tables of run {run}",
            async () =>
            {
                await using var connection = await database.OpenConnectionAsync(cancellationToken);
                foreach (var dataset in datasets.All)
                {
                    await connection.ExecuteSqlAsync(StagingTables.Validate(run, dataset), cancellationToken);
                }
            }
        );

    /// <summary>
    /// The format of the rejected rows of a run: that of their file, which may differ from today's settings. An export is
    /// UTF-8 and begins with the header.
    /// </summary>
    private async Task<FileFormat> FormatOfExportAsync(RunId run, Dataset dataset, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var recorded = await connection.ReadRowsAsync(
            """
            select format from etl.run_files where run_id = $1 and dataset = $2 and format is not null
            order by role = 'base' limit 1
            """,
            [run.ToString(), dataset.Name],
            row => row.GetString(0),
            cancellationToken
        );
        var format = recorded.Count == 0 ? dataset.Format : FileFormatJson.Read(recorded[0]);
        return format with { Encoding = TextEncodings.Utf8, SkipLines = 0 };
    }

    private TableLoad Table(RunId run, Dataset dataset) =>
        new(
            database,
            distribution,
            source,
            quality.Value,
            run,
            dataset,
            rollups,
            Loads,
            keyBudgetBytes,
            streams: streams
        );

    private string Loads => new StoreTables(schemas.Value).Loads;
}
