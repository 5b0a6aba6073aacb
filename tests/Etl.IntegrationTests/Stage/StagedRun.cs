using System.Text;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Etl.Infrastructure.Stage;
using Etl.Infrastructure.Transform;
using Etl.TestKit;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Etl.IntegrationTests.Stage;

/// <summary>A run in a database of its own, with a loader that reads from memory.</summary>
internal sealed class StagedRun : IAsyncDisposable
{
    private readonly TestDatabase database;

    private readonly DatasetCatalog datasets;

    private StagedRun(
        TestDatabase database,
        QualityOptions quality,
        MemorySource source,
        long keyBudget,
        DatasetCatalog datasets
    )
    {
        this.database = database;
        this.datasets = datasets;
        Source = source;
        Loader = new StagingLoader(
            datasets,
            new TransformPlan(datasets, MartFiles.BuiltIn).Rollups,
            database.DataSource,
            source,
            Options.Create(quality),
            Options.Create(new SchemaOptions()),
            keyBudget
        );
    }

    /// <summary>The built-in datasets, and one with text and a composite key.</summary>
    public static DatasetCatalog Datasets { get; } = new([.. DatasetCatalog.BuiltIn.All, Sales.Dataset]);

    public static RunId Id { get; } = RunId.Parse("20220905-001");

    public MemorySource Source { get; }

    public StagingLoader Loader { get; }

    public static async Task<StagedRun> BeginAsync(
        PostgresServer server,
        QualityOptions? quality = null,
        MemorySource? source = null,
        long keyBudget = 1 << 20,
        DatasetCatalog? datasets = null
    )
    {
        var run = new StagedRun(
            await server.CreateDatabaseAsync(),
            quality ?? new(),
            source ?? new(),
            keyBudget,
            datasets ?? Datasets
        );
        await run.ExecuteAsync(
            $"""
            insert into etl.runs (run_id, business_date, number, as_of, trigger, forced, status, started_at, attempts)
            values ('{Id}', '2022-09-05', 1, '2022-09-05', 'manual', false, 'running', '2022-09-05', 1)
            """
        );
        await run.Loader.PrepareAsync(Id, CancellationToken.None);
        return run;
    }

    public Task<StagedFile> LoadAsync(string dataset, string text) => LoadAsync(dataset, Encoding.UTF8.GetBytes(text));

    public async Task<StagedFile> LoadAsync(string dataset, byte[] bytes) =>
        (await LoadPartsAsync(dataset, (datasets.Named(dataset).FileNames[0], bytes))).Single();

    /// <summary>Loads files as the parts of a dataset.</summary>
    public Task<IReadOnlyList<StagedFile>> LoadPartsAsync(string dataset, params (string Name, byte[] Bytes)[] parts)
    {
        SourceFile[] files = [.. parts.Select(p => Source.Add(p.Name, p.Bytes))];
        return Loader.LoadAsync(Id, datasets.Named(dataset), files, progress: null, CancellationToken.None);
    }

    public Task ExecuteAsync(string sql) => database.ExecuteAsync(sql);

    /// <inheritdoc cref="TestDatabase.QueryAsync"/>
    public Task<IReadOnlyList<string>> QueryAsync(string sql) => database.QueryAsync(sql);

    public ValueTask DisposeAsync() => database.DisposeAsync();
}
