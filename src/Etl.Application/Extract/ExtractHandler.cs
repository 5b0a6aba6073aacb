using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Datasets;
using MediatR;
using Microsoft.Extensions.Options;

namespace Etl.Application.Extract;

internal sealed class ExtractHandler(
    DatasetCatalog datasets,
    ISourceStore source,
    IOptions<QualityOptions> quality,
    Lazy<Replays> replays
) : IRequestHandler<ExtractCommand, ExtractResult>
{
    public Task<ExtractResult> Handle(ExtractCommand request, CancellationToken cancellationToken) =>
        request.Replay is { } replay
            ? PinMendedAsync(replay, cancellationToken)
            : FindSnapshotsAsync(request, cancellationToken);

    /// <summary>Asked again now that no other run can publish: another one may have, before this one had the lease.</summary>
    private async Task<ExtractResult> PinMendedAsync(ReplayRequest replay, CancellationToken cancellationToken)
    {
        await replays.Value.RequirePublishedAsync(replay.BaseRun, cancellationToken);
        var files = new Dictionary<string, SourceFile?>();
        var gate = new ArrivalGate();
        foreach (var dataset in datasets.All)
        {
            files[dataset.Name] = replay.Corrected.TryGetValue(dataset.Name, out var location)
                ? await source.PinAsync(location, cancellationToken)
                : null;
            if (files[dataset.Name] is { Bytes: 0 } empty)
            {
                gate.Apply(ArrivalPolicy.Fail, ArrivalErrors.Empty(dataset, empty));
            }
        }

        gate.ThrowIfClosed();
        return new ExtractResult(files, new DimensionFiles(null, null, replay.BaseRun), []);
    }

    private async Task<ExtractResult> FindSnapshotsAsync(ExtractCommand request, CancellationToken cancellationToken)
    {
        var date = request.Run.BusinessDate;
        var gate = new ArrivalGate();
        var files = new Dictionary<string, SourceFile?>();
        foreach (var dataset in datasets.All)
        {
            var file = await source.FindAsync(date, dataset.FileNames, cancellationToken);
            files[dataset.Name] = file;
            if (file is null)
            {
                gate.Apply(quality.Value.OnMissing, ArrivalErrors.Missing(dataset, source.Describe(date)));
            }
            else if (file.Bytes == 0)
            {
                gate.Apply(quality.Value.OnEmptyFile, ArrivalErrors.Empty(dataset, file));
            }
        }

        gate.ThrowIfClosed();
        var products = await source.FindAsync(date, DimensionNames.Products, cancellationToken);
        var dates = await source.FindAsync(date, DimensionNames.Dates, cancellationToken);
        return new ExtractResult(files, new DimensionFiles(products, dates), gate.Warnings);
    }
}
