using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Application.Steps;
using Etl.Domain;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.Domain.Runs;
using MediatR;
using Microsoft.Extensions.Options;

namespace Etl.Application.Stage;

internal sealed class StageHandler(
    DatasetCatalog datasets,
    IStagingLoader loader,
    IModelLoader models,
    ILoaderRequest loaders,
    IRunJournal journal,
    IRunHistory runs,
    IRunObserver observer,
    StageInspection inspection,
    IOptions<RunOptions> options
) : IRequestHandler<StageCommand, StageResult>
{
    public async Task<StageResult> Handle(StageCommand request, CancellationToken cancellationToken)
    {
        await loader.PrepareAsync(request.Run, cancellationToken);
        var warnings = await RequestLoadersAsync(request, cancellationToken);
        var delivered = await LoadAsync(request, datasets.Delivered, new StageResult([], warnings), cancellationToken);
        // Models read what was delivered, after it has passed its own checks.
        return await LoadAsync(request, datasets.Modeled, delivered, cancellationToken);
    }

    /// <summary>Asks for help with parts that are shared. The run loads them itself where nobody comes.</summary>
    private async Task<IReadOnlyList<RunWarning>> RequestLoadersAsync(
        StageCommand request,
        CancellationToken cancellationToken
    )
    {
        if (request.BaseRun is not null || !request.Files.Values.Any(f => options.Value.SharesParts(f.Count)))
        {
            return [];
        }

        try
        {
            await loaders.SendAsync(request.Run, cancellationToken);
            return [];
        }
        catch (EtlException exception)
        {
            var (message, nextStep) = (exception.Error.Message, exception.Error.NextStep);
            return
            [
                new(RunWarningKind.Loaders, $"No loaders were requested for run {request.Run}: {message} {nextStep}"),
            ];
        }
    }

    /// <summary>Loads datasets at once, records them with the files so far, and checks them.</summary>
    private async Task<StageResult> LoadAsync(
        StageCommand request,
        IEnumerable<Dataset> datasets,
        StageResult before,
        CancellationToken cancellationToken
    )
    {
        var loaded = await ParallelTasks.DoAsync(
            datasets.Select<Dataset, Func<CancellationToken, Task<IReadOnlyList<StagedFile>>>>(d =>
                stop => DatasetErrors.OfDatasetAsync(d.Name, () => FillAsync(request, d, stop))
            ),
            cancellationToken
        );
        if (loaded.Length == 0)
        {
            return before;
        }

        var files = await AddBaseFilesAsync(request, [.. loaded.SelectMany(f => f)], cancellationToken);
        IReadOnlyList<StagedFile> all = [.. before.Files, .. files];
        await journal.RecordFilesAsync(request.Run, all, cancellationToken);
        var warnings = await inspection.InspectAsync(request.Run, files, cancellationToken);
        return new StageResult(all, [.. before.Warnings, .. warnings]);
    }

    private async Task<IReadOnlyList<StagedFile>> FillAsync(
        StageCommand request,
        Dataset dataset,
        CancellationToken cancellationToken
    )
    {
        var parts = request.Files.GetValueOrDefault(dataset.Name, []);
        using var span = Signals.StartFile(request.Run, dataset.Name);
        try
        {
            var filled =
                dataset.Model is not null ? await models.LoadAsync(request.Run, dataset, observer, cancellationToken)
                : request.BaseRun is { } published
                    ? await loader.ReplayAsync(request.Run, published, dataset, parts, observer, cancellationToken)
                : await loader.LoadAsync(request.Run, dataset, parts, observer, cancellationToken);
            Signals.EndFiles(span, filled);
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
        return
        [
            .. files.SelectMany(f =>
                f.Role == FileRole.Base ? OfSnapshot(f, history?.SnapshotOf(f.Dataset) ?? []) : [f]
            ),
        ];
    }

    /// <summary>Rows that an earlier replay added belong to no part, and are counted with the first.</summary>
    private static IEnumerable<StagedFile> OfSnapshot(StagedFile rows, IReadOnlyList<FileRecord> parts)
    {
        if (parts.Count == 0)
        {
            return [rows];
        }

        var added = rows.Loaded - parts.Sum(p => p.Loaded);
        return parts.Select((p, i) => i == 0 ? Of(p, p.Loaded + added, rows.Sums) : Of(p, p.Loaded, []));

        StagedFile Of(FileRecord part, long loaded, IReadOnlyList<ColumnSum> sums) =>
            rows with
            {
                Part = part.Part,
                Uri = part.Uri,
                Version = part.Version,
                Sha256 = part.Sha256,
                Bytes = part.Bytes,
                Read = loaded + (part == parts[0] ? rows.Read - rows.Loaded : 0),
                Loaded = loaded,
                Sums = sums,
                EndsWithLineEnd = part.EndsWithLineEnd,
                Format = part.Format,
            };
    }
}
