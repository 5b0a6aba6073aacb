using System.Diagnostics;
using System.Globalization;
using Etl.Application.Extract;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;
using Etl.Infrastructure.Ledger;
using Etl.Infrastructure.Postgres;
using Etl.Infrastructure.Stage;
using Etl.Infrastructure.Transform;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Etl.Benchmarks;

/// <summary>
/// Loads, or only validates, the files of a folder once, as the stage step does, and prints the seconds to the last commit,
/// the seconds to attachable tables, the CPU seconds of this process, and its peak memory.
/// </summary>
internal static class LoadOnce
{
    private static readonly RunId Run = RunId.Parse("20990101-001");
    private static readonly IOptions<SchemaOptions> Schemas = Options.Create(new SchemaOptions());
    private static readonly LeaseOwner Owner = new();
    private static readonly NoDistribution OneServer = new(new SchemaOptions());

    public static async Task<int> RunAsync(string folder, string? connection, int streams = 1)
    {
        var watch = Stopwatch.StartNew();
        var quality = Options.Create(new QualityOptions());
        var source = new FolderSource(folder);
        long rows;
        var loaded = TimeSpan.Zero;
        if (connection is null)
        {
            var checker = new SourceChecker(source, quality);
            rows = await SumAsync(source, (d, f) => checker.CheckAsync(d, [f], null, CancellationToken.None));
        }
        else
        {
            await using var database = NpgsqlDataSource.Create(connection);
            await PrepareAsync(database);
            var loader = new StagingLoader(
                DatasetCatalog.BuiltIn,
                new TransformPlan(DatasetCatalog.BuiltIn, MartFiles.BuiltIn).Rollups,
                database,
                OneServer,
                source,
                quality,
                Shared(database, source, quality),
                Schemas,
                new LoadStreams(database, Owner, streams - 1)
            );
            await loader.PrepareAsync(Run, CancellationToken.None);
            rows = await SumAsync(source, (d, f) => loader.LoadAsync(Run, d, [f], null, CancellationToken.None));
            loaded = watch.Elapsed;
            await loader.CompleteAsync(Run, CancellationToken.None);
        }

        var total = watch.Elapsed;
        var self = Process.GetCurrentProcess();
        self.Refresh();
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"rows {rows} load_s {loaded.TotalSeconds:0.00} total_s {total.TotalSeconds:0.00} "
                    + $"cpu_s {self.TotalProcessorTime.TotalSeconds:0.00} rss_mb {self.PeakWorkingSet64 / 1048576}"
            )
        );
        return 0;
    }

    private static SharedParts Shared(
        NpgsqlDataSource database,
        ISourceStore source,
        IOptions<QualityOptions> quality
    ) =>
        new(
            DatasetCatalog.BuiltIn,
            database,
            OneServer,
            source,
            quality,
            Options.Create(new RunOptions()),
            Schemas,
            Owner,
            TimeProvider.System
        );

    private static async Task<long> SumAsync(
        FolderSource source,
        Func<Dataset, SourceFile, Task<IReadOnlyList<StagedFile>>> work
    )
    {
        var date = Run.BusinessDate;
        var loads = DatasetCatalog.BuiltIn.All.Select(async d =>
        {
            var file = await source.FindAsync(date, d.FileNames, CancellationToken.None);
            return await Task.Run(() => work(d, file!));
        });
        return (await Task.WhenAll(loads)).Sum(f => f.Sum(p => p.RowCounts.Loaded));
    }

    private static async Task PrepareAsync(NpgsqlDataSource database)
    {
        await new LedgerMigrations(database).MigrateAsync(CancellationToken.None);
        await using var connection = await database.OpenConnectionAsync();
        var tables = new WarehouseTables(DatasetCatalog.BuiltIn, MartFiles.BuiltIn, Schemas, OneServer);
        await tables.EnsureAsync(connection, CancellationToken.None);
        await using var begin = database.CreateCommand(
            """
            insert into etl.runs (run_id, business_date, number, as_of, trigger, forced, status, started_at, attempts,
              lease_owner)
            values ('20990101-001', '2099-01-01', 1, '2099-01-01', 'manual', false, 'failed', now(), 1, $1)
            on conflict (run_id) do update set lease_owner = excluded.lease_owner
            """
        );
        begin.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Owner.Text });
        await begin.ExecuteNonQueryAsync();
    }
}
