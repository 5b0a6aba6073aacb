using Etl.Application.Export;
using Etl.Application.Extract;
using Etl.Application.Notify;
using Etl.Application.Publish;
using Etl.Application.Runs;
using Etl.Application.Stage;
using Etl.Application.Transform;
using Etl.Domain;
using Etl.Domain.Analytics;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.Domain.Runs;

namespace Etl.UnitTests.Application;

/// <summary>Every port in memory, with a journal of what was done; a exception can be planted at any entry.</summary>
internal sealed class FakePorts
    : ISourceStore,
        IStagingLoader,
        IModelLoader,
        ILoaderRequest,
        IAnalyticsTransformer,
        IPublisher,
        IPublishedRun,
        IAnalyticsReader,
        IDataLake,
        IFigureReader,
        IRunReport,
        INotifier,
        IRunObserver
{
    public List<string> Journal { get; } = [];
    public Dictionary<string, SourceFile> Source { get; } =
        DatasetCatalog.BuiltIn.All.ToDictionary(d => d.FileNames[0], d => FileOf(d.FileNames[0], 100));
    public Dictionary<string, StagedFile> Staged { get; } =
        DatasetCatalog.BuiltIn.All.ToDictionary(d => d.Name, d => StagedOf(d.Name, new RowCounts(10, 10, 0)));
    public List<DataTestResult> Tests { get; } = [];
    public Dictionary<string, Exception> Exceptions { get; } = [];
    public Dictionary<string, Queue<Exception>> PassingFaults { get; } = [];
    public List<Message> Sent { get; } = [];

    /// <summary>What never comes back by itself.</summary>
    public string? Hang { get; set; }

    public static SourceFile FileOf(string name, long bytes) => new($"file:///in/{name}", name, "v1", bytes);

    public static StagedFile StagedOf(string dataset, RowCounts rowCounts, string sha256 = "aa") =>
        new(dataset, FileOf(DatasetCatalog.BuiltIn.Find(dataset)!.FileNames[0], 100), sha256, rowCounts)
        {
            RejectsByCode = new Dictionary<RejectCode, long> { [RejectCode.BadDate] = rowCounts.Rejected },
            FirstRejects =
                rowCounts.Rejected == 0
                    ? []
                    :
                    [
                        new RejectedRow(
                            dataset,
                            3,
                            40,
                            "order_date",
                            RejectCode.BadDate,
                            "order_date 'x' is no day",
                            default
                        ),
                    ],
        };

    private void Note(string entry)
    {
        lock (Journal)
        {
            Journal.Add(entry);
        }

        if (PassingFaults.TryGetValue(entry, out var some) && some.TryDequeue(out var passing))
        {
            throw passing;
        }

        if (Exceptions.TryGetValue(entry, out var exception))
        {
            throw exception;
        }
    }

    public string Describe(BusinessDate date) => "/in";

    public Task<SourceFile?> FindAsync(
        BusinessDate date,
        IReadOnlyList<string> fileNames,
        CancellationToken cancellationToken
    )
    {
        Note($"find {fileNames[0]}");
        return Task.FromResult(fileNames.Select(n => Source.GetValueOrDefault(n)).FirstOrDefault(f => f is not null));
    }

    public Task<SourceFile> PinAsync(string location, CancellationToken cancellationToken)
    {
        Note($"pin {location}");
        return Task.FromResult(FileOf(location, CorrectedBytes));
    }

    public long CorrectedBytes { get; set; } = 100;

    public Task<Stream> OpenAsync(SourceFile file, CancellationToken cancellationToken) =>
        Task.FromResult<Stream>(new MemoryStream());

    public Task VerifyUnchangedAsync(SourceFile file, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task PrepareAsync(RunId run, CancellationToken cancellationToken) => Noted("prepare");

    Task ILoaderRequest.SendAsync(RunId run, CancellationToken cancellationToken) => Noted($"request loaders of {run}");

    public async Task<IReadOnlyList<StagedFile>> LoadAsync(
        RunId run,
        Dataset dataset,
        IReadOnlyList<SourceFile> parts,
        IProgress<LoadProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        Note($"load {dataset}");
        if (Exceptions.Keys.Any(k => k.StartsWith("load ", StringComparison.Ordinal)))
        {
            // The healthy loads go on until they are stopped.
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        return [Staged[dataset.Name]];
    }

    public Task<IReadOnlyList<StagedFile>> LoadAsync(
        RunId run,
        Dataset dataset,
        IProgress<LoadProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        Note($"compute {dataset}");
        return Task.FromResult<IReadOnlyList<StagedFile>>([Staged[dataset.Name] with { Role = FileRole.Model }]);
    }

    public Task<IReadOnlyList<StagedFile>> ReplayAsync(
        RunId run,
        RunId baseRun,
        Dataset dataset,
        IReadOnlyList<SourceFile> corrected,
        IProgress<LoadProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        Note($"replay {dataset} of {baseRun}{string.Concat(corrected.Select(f => $" with {f.FileName}"))}");
        List<StagedFile> files =
        [
            Staged[dataset.Name] with
            {
                Uri = "",
                Version = "",
                Sha256 = "",
                Bytes = 0,
                Role = FileRole.Base,
            },
        ];
        files.AddRange(
            corrected.Select(f => StagedOf(dataset.Name, Corrected) with { Uri = f.Uri, Role = FileRole.Corrected })
        );

        return Task.FromResult<IReadOnlyList<StagedFile>>(files);
    }

    public RowCounts Corrected { get; set; } = new(2, 2, 0);

    public Task CompleteAsync(RunId run, CancellationToken cancellationToken) => Noted("complete");

    public List<ColumnSum> StoredSums { get; } = [];

    public async Task<IReadOnlyList<ColumnSum>> BuildAsync(
        RunId run,
        DateOnly asOf,
        DimensionFiles dimensions,
        CancellationToken cancellationToken
    )
    {
        if (Hang == "build")
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        Note("build");
        return StoredSums;
    }

    public Task<IReadOnlyList<DataTestResult>> TestAsync(RunId run, CancellationToken cancellationToken)
    {
        Note("test");
        return Task.FromResult<IReadOnlyList<DataTestResult>>(Tests);
    }

    public Task<TimeSpan> PublishAsync(RunId run, CancellationToken cancellationToken)
    {
        Note("publish");
        Published?.Invoke(run);
        return Task.FromResult(TimeSpan.FromMilliseconds(5));
    }

    public Action<RunId>? Published { get; set; }

    public RunId? PublishedRun { get; set; }

    public Task<RunId?> FindPublishedAsync(CancellationToken cancellationToken) => Task.FromResult(PublishedRun);

    public Task CleanUpAsync(CancellationToken cancellationToken) => Noted("clean up");

    public Task<IAnalyticsSnapshot> OpenAsync(RunId run, CancellationToken cancellationToken) =>
        Task.FromResult<IAnalyticsSnapshot>(new Snapshot());

    public string Uri => "file:///lake";

    public string Locate(string key) => $"file:///lake/{key}";

    public async Task<LakeObject> WriteOnceAsync(string key, LakeContent content, CancellationToken cancellationToken)
    {
        Note($"write {key}");
        using var bytes = new MemoryStream();
        await content(bytes, cancellationToken);
        return new LakeObject(Locate(key), bytes.Length, "bb");
    }

    public async Task<LakeObject> ReplaceAsync(string key, LakeContent content, CancellationToken cancellationToken)
    {
        Note($"replace {key}");
        using var bytes = new MemoryStream();
        await content(bytes, cancellationToken);
        return new LakeObject(Locate(key), bytes.Length, "cc");
    }

    public Task CopyAsync(string fromKey, string toKey, CancellationToken cancellationToken) => Noted($"copy {toKey}");

    public string Name => "fake";

    public async Task SendAsync(Message message, CancellationToken cancellationToken)
    {
        Note("send");
        if (Hang == "send")
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        Sent.Add(message);
    }

    public void StepStarted(RunId run, Step step) => Note($"{step} started");

    public void StepEnded(RunId run, Step step, TimeSpan duration, string detail) => Note($"{step} ended");

    public void Warned(RunId? run, string warning) => Note($"warned {warning}");

    public void Waiting(BusinessDate date, string missing, TimeSpan remaining)
    {
        Note($"waiting {missing}");
        OnWaiting?.Invoke(missing);
    }

    public Action<string>? OnWaiting { get; set; }

    public void Notified(Message message, IReadOnlyList<string> by) =>
        Note($"notified {message.Outcome} by {string.Join(", ", by)}");

    public void Report(LoadProgress value) { }

    public Task<BusinessFigures?> ReadAsync(RunId run, RunId? before, CancellationToken cancellationToken)
    {
        Note("figures");
        return Task.FromResult<BusinessFigures?>(null);
    }

    public async Task<string> WriteAsync(
        RunId run,
        IReadOnlyList<RunWarning> warnings,
        CancellationToken cancellationToken
    )
    {
        Note("report");
        await (Hang == "report" ? Task.Delay(Timeout.Infinite, cancellationToken) : Task.CompletedTask);
        return $"file:///lake/{run}/report.html";
    }

    public Task RenderAsync(RunId run, Stream destination, CancellationToken cancellationToken) => Noted("render");

    private Task Noted(string entry)
    {
        Note(entry);
        return Task.CompletedTask;
    }

    private sealed class Snapshot : IAnalyticsSnapshot
    {
        public async Task<WrittenTable> WriteCsvAsync(
            Mart table,
            Stream destination,
            CancellationToken cancellationToken
        )
        {
            await destination.WriteAsync("a\n1\n"u8.ToArray(), cancellationToken);
            return new WrittenTable(1, ["a"]);
        }

        public Task<WrittenTable> WriteParquetAsync(
            Mart table,
            Stream destination,
            CancellationToken cancellationToken
        ) => WriteCsvAsync(table, destination, cancellationToken);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
