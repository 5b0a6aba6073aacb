using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain;
using MediatR;

namespace Etl.Application.Extract;

internal sealed class ExtractHandler(
    DatasetCatalog datasets,
    SnapshotFinder snapshots,
    ISourceStore source,
    Replays replays
) : IRequestHandler<ExtractCommand, ExtractResult>
{
    public Task<ExtractResult> Handle(ExtractCommand request, CancellationToken cancellationToken) =>
        request.Replay is { } replay
            ? PinCorrectedAsync(replay, cancellationToken)
            : snapshots.FindAsync(request.Run.BusinessDate, cancellationToken);

    private async Task<ExtractResult> PinCorrectedAsync(ReplayRequest replay, CancellationToken cancellationToken)
    {
        // Before this run had its lease, another run could be published.
        await replays.RequirePublishedAsync(replay.BaseRun, cancellationToken);
        var files = new Dictionary<string, SourceFile?>();
        var gate = new ArrivalGate();
        foreach (var dataset in datasets.All)
        {
            files[dataset.Name] = replay.Corrected.TryGetValue(dataset.Name, out var location)
                ? await source.PinAsync(location, cancellationToken)
                : null;
            if (files[dataset.Name] is { Bytes: 0 } empty)
            {
                gate.Apply(ArrivalPolicy.Fail, dataset.Name, ArrivalErrors.Empty(dataset, empty));
            }
        }

        gate.ThrowIfClosed();
        return new ExtractResult(files, new DimensionFiles(null, null, replay.BaseRun), []);
    }
}
