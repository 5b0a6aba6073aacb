using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Application.Steps;
using Etl.Domain;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;
using MediatR;

namespace Etl.Application.Stage;

internal sealed class StageHandler(
    DatasetCatalog datasets,
    IStagingLoader loader,
    IRunJournal journal,
    IRunHistory runs,
    IRunObserver observer,
    StageInspection inspection
) : IRequestHandler<StageCommand, StageResult>
{
    public async Task<StageResult> Handle(StageCommand request, CancellationToken cancellationToken)
    {
        await loader.PrepareAsync(request.Run, cancellationToken);
        var loaded = await ParallelTasks.DoAsync(
            datasets.All.Select<Dataset, Func<CancellationToken, Task<IReadOnlyList<StagedFile>>>>(d =>
                stop => DatasetErrors.OfDatasetAsync(d.Name, () => FillAsync(request, d, stop))
            ),
            cancellationToken
        );
        var files = await AddBaseFilesAsync(request, [.. loaded.SelectMany(f => f)], cancellationToken);
        await journal.RecordFilesAsync(request.Run, files, cancellationToken);
        var warnings = await inspection.InspectAsync(request.Run, files, cancellationToken);
        return new StageResult(files, warnings);
    }

    private async Task<IReadOnlyList<StagedFile>> FillAsync(
        StageCommand request,
        Dataset dataset,
        CancellationToken cancellationToken
    )
    {
        var file = request.Files[dataset.Name];
        using var span = Signals.StartFile(request.Run, dataset.Name);
        try
        {
            var filled = request.BaseRun is { } published
                ? await loader.ReplayAsync(request.Run, published, dataset, file, observer, cancellationToken)
                : [await loader.LoadAsync(request.Run, dataset, file, observer, cancellationToken)];
            filled.ToList().ForEach(f => Signals.EndFile(span, f));
            return filled;
        }
        catch (EtlException exception) when (exception.Error.Dataset is null)
        {
            throw new EtlException(exception.Error with { Dataset = dataset.Name }, exception);
        }
    }

    /// <summary>The rows that a replay copied come from the files of the run that it is based on.</summary>
    private async Task<IReadOnlyList<StagedFile>> AddBaseFilesAsync(
        StageCommand request,
        IReadOnlyList<StagedFile> files,
        CancellationToken cancellationToken
    )
    {
        if (request.BaseRun is not { } published)
        {
            return files;
        }

        var history = await runs.FindAsync(published, cancellationToken);
        return [.. files.Select(f => f.Role == FileRole.Base ? OfSnapshot(f, history?.SnapshotOf(f.Dataset)) : f)];
    }

    private static StagedFile OfSnapshot(StagedFile rows, FileRecord? snapshot) =>
        snapshot is null
            ? rows
            : rows with
            {
                Uri = snapshot.Uri,
                Version = snapshot.Version,
                Sha256 = snapshot.Sha256,
                Bytes = snapshot.Bytes,
                EndsWithLineEnd = snapshot.EndsWithLineEnd,
                Format = snapshot.Format,
            };
}
