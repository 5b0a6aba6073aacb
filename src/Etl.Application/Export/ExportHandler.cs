using Etl.Application.Runs;
using Etl.Domain.Analytics;
using Etl.Domain.Lake;
using Etl.Domain.Runs;
using MediatR;

namespace Etl.Application.Export;

internal sealed class ExportHandler(
    MartCatalog marts,
    ExportFormats formats,
    IAnalyticsReader reader,
    IDataLake lake,
    IRunJournal journal,
    IRunHistory runs,
    ExtensionFiles extensions
) : IRequestHandler<ExportCommand, ExportResult>
{
    public async Task<ExportResult> Handle(ExportCommand request, CancellationToken cancellationToken)
    {
        var history =
            await runs.FindAsync(request.Run, cancellationToken)
            ?? throw new InvalidOperationException($"Run {request.Run} is not in the ledger.");
        extensions.RequireSame(history, "its export cannot be completed", "run again");
        var (exports, parquet) = await WriteTablesAsync(request.Run, cancellationToken);
        var manifest = await WriteManifestAsync(history, exports, parquet, cancellationToken);
        await CopyToLatestAsync(request.Run, cancellationToken);
        await journal.RecordExportsAsync(request.Run, exports, manifest.Uri, cancellationToken);
        return new ExportResult(exports, manifest.Uri);
    }

    private async Task<(List<ExportRecord> Exports, Dictionary<string, ManifestParquet> Parquet)> WriteTablesAsync(
        RunId run,
        CancellationToken cancellationToken
    )
    {
        var exports = new List<ExportRecord>();
        var parquet = new Dictionary<string, ManifestParquet>();
        await using var snapshot = await reader.OpenAsync(run, cancellationToken);
        foreach (var table in marts.All)
        {
            var (csv, written) = await WriteAsync(ExportKey.OfRun(run, table.Name), snapshot.WriteCsvAsync, table);
            exports.Add(
                new ExportRecord(table.Name, written.Uri, csv.Rows, written.Bytes, written.Sha256, csv.Columns)
            );
            if (formats.HasParquet)
            {
                var key = ExportKey.ParquetOfRun(run, table.Name);
                var (_, file) = await WriteAsync(key, snapshot.WriteParquetAsync, table);
                parquet[table.Name] = new ManifestParquet(key, file.Bytes, file.Sha256, Schema(table));
            }
        }

        return (exports, parquet);

        async Task<(WrittenTable Table, LakeObject Object)> WriteAsync(
            string key,
            Func<Mart, Stream, CancellationToken, Task<WrittenTable>> write,
            Mart table
        )
        {
            WrittenTable? result = null;
            var written = await lake.WriteOnceAsync(
                key,
                async (stream, token) => result = await write(table, stream, token),
                cancellationToken
            );
            return (result!, written);
        }
    }

    private static IReadOnlyList<ManifestColumn> Schema(Mart table) =>
        [.. table.Columns.Select(c => new ManifestColumn(c.Name, c.TypeName))];

    private async Task<LakeObject> WriteManifestAsync(
        RunHistory history,
        IReadOnlyList<ExportRecord> exports,
        Dictionary<string, ManifestParquet> parquet,
        CancellationToken cancellationToken
    )
    {
        var bytes = ManifestJson.Write(ManifestOf(history, exports, parquet));
        return await lake.WriteOnceAsync(
            ExportKey.ManifestOfRun(history.Run.Id),
            async (stream, token) => await stream.WriteAsync(bytes, token),
            cancellationToken
        );
    }

    private static Manifest ManifestOf(
        RunHistory history,
        IReadOnlyList<ExportRecord> exports,
        Dictionary<string, ManifestParquet> parquet
    ) =>
        new(
            history.Run.RunId,
            new BusinessDate(history.Run.BusinessDate).ToString(),
            new BusinessDate(history.Run.AsOf).ToString(),
            [
                .. history
                    .Files.Where(f => f.Uri.Length > 0)
                    .Select(f => new ManifestSource(f.Dataset, f.Part, f.Bytes, f.Sha256)),
            ],
            [
                .. exports.Select(e => new ManifestTable(
                    e.Table,
                    $"{e.Table}.csv",
                    e.Rows,
                    e.Bytes,
                    e.Sha256,
                    e.Columns,
                    parquet.GetValueOrDefault(e.Table)
                )),
            ],
            history.Extensions.Count > 0 ? history.Extensions : null,
            history.Run.IsRollback ? history.Run.BaseRunId : null
        );

    private async Task CopyToLatestAsync(RunId run, CancellationToken cancellationToken)
    {
        foreach (var table in marts.All)
        {
            await lake.CopyAsync(ExportKey.OfRun(run, table.Name), ExportKey.Latest(table.Name), cancellationToken);
            if (formats.HasParquet)
            {
                var key = ExportKey.ParquetOfRun(run, table.Name);
                await lake.CopyAsync(key, ExportKey.LatestParquet(table.Name), cancellationToken);
            }
        }

        await lake.CopyAsync(ExportKey.ManifestOfRun(run), ExportKey.LatestManifest, cancellationToken);
    }
}
