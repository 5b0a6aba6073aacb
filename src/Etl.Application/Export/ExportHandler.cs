using Etl.Application.Runs;
using Etl.Domain.Analytics;
using Etl.Domain.Lake;
using Etl.Domain.Runs;
using MediatR;

namespace Etl.Application.Export;

internal sealed class ExportHandler(
    MartCatalog marts,
    IAnalyticsReader reader,
    IDataLake lake,
    IRunJournal journal,
    IRunHistory runs
) : IRequestHandler<ExportCommand, ExportResult>
{
    public async Task<ExportResult> Handle(ExportCommand request, CancellationToken cancellationToken)
    {
        var exports = await WriteTablesAsync(request.Run, cancellationToken);
        var manifest = await WriteManifestAsync(request.Run, exports, cancellationToken);
        await CopyToLatestAsync(request.Run, cancellationToken);
        await journal.RecordExportsAsync(request.Run, exports, manifest.Uri, cancellationToken);
        return new ExportResult(exports, manifest.Uri);
    }

    private async Task<List<ExportRecord>> WriteTablesAsync(RunId run, CancellationToken cancellationToken)
    {
        var exports = new List<ExportRecord>();
        await using var snapshot = await reader.OpenAsync(run, cancellationToken);
        foreach (var table in marts.All)
        {
            CsvTable? csv = null;
            var written = await lake.WriteOnceAsync(
                ExportKey.OfRun(run, table.Name),
                async (stream, token) => csv = await snapshot.WriteCsvAsync(table, stream, token),
                cancellationToken
            );
            exports.Add(
                new ExportRecord(table.Name, written.Uri, csv!.Rows, written.Bytes, written.Sha256, csv.Columns)
            );
        }

        return exports;
    }

    private async Task<LakeObject> WriteManifestAsync(
        RunId run,
        IReadOnlyList<ExportRecord> exports,
        CancellationToken cancellationToken
    )
    {
        var history =
            await runs.FindAsync(run, cancellationToken)
            ?? throw new InvalidOperationException($"Run {run} is not in the ledger.");
        var bytes = ManifestJson.Write(ManifestOf(history, exports));
        return await lake.WriteOnceAsync(
            ExportKey.ManifestOfRun(run),
            async (stream, token) => await stream.WriteAsync(bytes, token),
            cancellationToken
        );
    }

    private static Manifest ManifestOf(RunHistory history, IReadOnlyList<ExportRecord> exports) =>
        new(
            history.Run.RunId,
            new BusinessDate(history.Run.BusinessDate).ToString(),
            new BusinessDate(history.Run.AsOf).ToString(),
            [
                .. history
                    .Files.Where(f => f.Uri.Length > 0)
                    .Select(f => new ManifestSource(f.Dataset, f.FileName, f.Bytes, f.Sha256)),
            ],
            [.. exports.Select(e => new ManifestTable(e.Table, $"{e.Table}.csv", e.Rows, e.Bytes, e.Sha256, e.Columns))]
        );

    private async Task CopyToLatestAsync(RunId run, CancellationToken cancellationToken)
    {
        foreach (var table in marts.All)
        {
            await lake.CopyAsync(ExportKey.OfRun(run, table.Name), ExportKey.Latest(table.Name), cancellationToken);
        }

        await lake.CopyAsync(ExportKey.ManifestOfRun(run), ExportKey.LatestManifest, cancellationToken);
    }
}
