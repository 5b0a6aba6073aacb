using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Runs;
using MediatR;

namespace Etl.Application.Extract;

internal sealed class ExtractHandler(
    DatasetCatalog datasets,
    SnapshotFinder snapshots,
    ISourceStore source,
    PastParts pastParts,
    Replays replays,
    ExtensionFiles extensions,
    IRunJournal journal
) : IRequestHandler<ExtractCommand, ExtractResult>
{
    public async Task<ExtractResult> Handle(ExtractCommand request, CancellationToken cancellationToken)
    {
        if (extensions.All.Count > 0)
        {
            await journal.RecordExtensionsAsync(request.Run, request.Attempt, extensions.All, cancellationToken);
        }

        return request.Replay is { } replay
            ? await PinCorrectedAsync(replay, cancellationToken)
            : await FindAsync(request.Run.BusinessDate, cancellationToken);
    }

    private async Task<ExtractResult> FindAsync(BusinessDate date, CancellationToken cancellationToken)
    {
        var found = await snapshots.FindAsync(date, cancellationToken);
        var past = await pastParts.FindErrorsAsync(date, found.Files, cancellationToken);
        return EtlError.Combine(past) is { } error ? throw new EtlException(error) : found;
    }

    private async Task<ExtractResult> PinCorrectedAsync(ReplayRequest replay, CancellationToken cancellationToken)
    {
        // Before this run had its lease, another run could be published.
        await replays.RequirePublishedAsync(replay.BaseRun, cancellationToken);
        var files = new Dictionary<string, IReadOnlyList<SourceFile>>();
        var gate = new ArrivalGate();
        foreach (var dataset in datasets.Delivered)
        {
            var corrected = new List<SourceFile>();
            foreach (var location in replay.Corrected.GetValueOrDefault(dataset.Name) ?? [])
            {
                corrected.Add(await source.PinAsync(location, cancellationToken));
            }

            if (corrected.DistinctBy(f => f.Path).Count() < corrected.Count)
            {
                throw new EtlException(ArrivalErrors.SameName(dataset));
            }

            foreach (var empty in corrected.Where(f => f.Bytes == 0))
            {
                gate.Apply(ArrivalPolicy.Fail, dataset.Name, ArrivalErrors.Empty(dataset, empty));
            }

            files[dataset.Name] = [.. corrected.OrderBy(f => f.Path, StringComparer.Ordinal)];
        }

        gate.ThrowIfClosed();
        return new ExtractResult(files, new DimensionFiles(null, null, replay.BaseRun), []);
    }
}
