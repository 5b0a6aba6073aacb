using System.Text;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;
using Etl.Infrastructure.Ledger;
using Etl.Infrastructure.Postgres;
using Etl.Infrastructure.Stage;
using Etl.Infrastructure.Transform;
using Etl.IntegrationTests.Chaos;
using Etl.IntegrationTests.Distribution;
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
        DatasetCatalog datasets,
        int loaders,
        int streams
    )
    {
        this.database = database;
        this.datasets = datasets;
        Source = source;
        Shared = NewShared(datasets, database.DataSource, source, quality, loaders);
        Loader = NewLoader(datasets, database.DataSource, source, quality, Shared, keyBudget, streams);
    }

    /// <summary>The built-in datasets, and one with text and a composite key.</summary>
    public static DatasetCatalog Datasets { get; } = new([.. DatasetCatalog.BuiltIn.All, Sales.Dataset]);

    public static RunId Id { get; } = RunId.Parse("20220905-001");

    private static LeaseOwner Owner { get; } = new();

    public MemorySource Source { get; }

    public StagingLoader Loader { get; }

    public SharedParts Shared { get; }

    public static async Task<StagedRun> BeginAsync(
        PostgresServer server,
        QualityOptions? quality = null,
        MemorySource? source = null,
        long keyBudget = 1 << 20,
        DatasetCatalog? datasets = null,
        int loaders = 0,
        int streams = 1
    )
    {
        var run = new StagedRun(
            await server.CreateDatabaseAsync(),
            quality ?? new(),
            source ?? new(),
            keyBudget,
            datasets ?? Datasets,
            loaders,
            streams
        );
        await run.ExecuteAsync(
            $"""
            insert into etl.runs (run_id, business_date, number, as_of, trigger, forced, status, started_at, attempts, lease_owner, lease_until)
            values ('{Id}', '2022-09-05', 1, '2022-09-05', 'manual', false, 'running', '2022-09-05', 1, '{Owner.Text}', 'infinity')
            """
        );
        await run.CreateTablesAsync();
        await run.Loader.PrepareAsync(Id, CancellationToken.None);
        return run;
    }

    /// <summary>In a cluster the tables of a run are stored like those that it publishes.</summary>
    private async Task CreateTablesAsync()
    {
        var schemas = Options.Create(new SchemaOptions());
        var tables = new WarehouseTables(
            datasets,
            MartFiles.BuiltIn,
            schemas,
            TestDistribution.Of(database.ConnectionString, datasets)
        );
        await using var connection = await database.DataSource.OpenConnectionAsync();
        await tables.EnsureAsync(connection, CancellationToken.None);
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

    /// <summary>What another process would load parts with.</summary>
    public Helper NewHelper(QualityOptions? quality = null)
    {
        var own = NpgsqlDataSource.Create(database.ConnectionString);
        return new Helper(own, NewShared(datasets, own, Source, quality ?? new QualityOptions(), loaders: 0));
    }

    public async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection($"{database.ConnectionString};Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>Waits until a query answers true.</summary>
    public Task UntilAsync(string sql) =>
        Until.TrueAsync(async () => (await QueryAsync($"select ({sql})::text")).Single() == "true", $"Not so: {sql}");

    /// <summary>A loader of a host of its own, for tests that call it without a run.</summary>
    public static StagingLoader NewLoader(NpgsqlDataSource own)
    {
        var (source, quality) = (new MemorySource(), new QualityOptions());
        var shared = NewShared(DatasetCatalog.BuiltIn, own, source, quality, loaders: 0);
        return NewLoader(DatasetCatalog.BuiltIn, own, source, quality, shared, keyBudget: 1 << 20);
    }

    private static StagingLoader NewLoader(
        DatasetCatalog datasets,
        NpgsqlDataSource own,
        MemorySource source,
        QualityOptions quality,
        SharedParts shared,
        long keyBudget,
        int streams = 1
    ) =>
        new(
            datasets,
            new TransformPlan(datasets, MartFiles.BuiltIn).Rollups,
            own,
            TestDistribution.Of(own.ConnectionString, datasets),
            source,
            Options.Create(quality),
            shared,
            Options.Create(new SchemaOptions()),
            new LoadStreams(own, Owner, streams - 1, largeBytes: 0),
            keyBudget
        );

    private static SharedParts NewShared(
        DatasetCatalog datasets,
        NpgsqlDataSource own,
        MemorySource source,
        QualityOptions quality,
        int loaders
    ) =>
        new(
            datasets,
            own,
            TestDistribution.Of(own.ConnectionString, datasets),
            source,
            Options.Create(quality),
            Options.Create(new RunOptions { Loaders = loaders, LeaseSeconds = 2 }),
            Options.Create(new SchemaOptions()),
            new LeaseOwner(),
            TimeProvider.System
        );

    public Task ExecuteAsync(string sql) => database.ExecuteAsync(sql);

    /// <inheritdoc cref="TestDatabase.QueryAsync"/>
    public Task<IReadOnlyList<string>> QueryAsync(string sql) => database.QueryAsync(sql);

    public ValueTask DisposeAsync() => database.DisposeAsync();
}

/// <summary>The services of another process.</summary>
internal sealed record Helper(NpgsqlDataSource Database, SharedParts Shared) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Database.DisposeAsync();
}
