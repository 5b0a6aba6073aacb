using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Runs;
using Microsoft.Extensions.Options;

namespace Etl.Application.Extract;

/// <summary>Finds and pins the files of a business date, for a run and for a check.</summary>
public sealed class SnapshotFinder(DatasetCatalog datasets, ISourceStore source, IOptions<QualityOptions> quality)
{
    /// <summary>Finds out whether at least one of the required files has arrived.</summary>
    /// <exception cref="Errors.EtlException">None has, or the source cannot be read.</exception>
    internal async Task RequireAnyAsync(BusinessDate date, CancellationToken cancellationToken)
    {
        var missing = new ArrivalGate();
        foreach (var dataset in datasets.All)
        {
            if (await source.FindAsync(date, dataset.FileNames, cancellationToken) is not null)
            {
                return;
            }

            missing.Apply(quality.Value.OnMissing, dataset.Name, ArrivalErrors.Missing(dataset, source.Describe(date)));
        }

        missing.ThrowIfClosed();
    }

    /// <summary>The file of each dataset, and the optional files.</summary>
    /// <exception cref="EtlException">A required file is missing or empty, or the source cannot be read.</exception>
    public async Task<ExtractResult> FindAsync(BusinessDate date, CancellationToken cancellationToken)
    {
        var gate = new ArrivalGate();
        var files = new Dictionary<string, SourceFile?>();
        foreach (var dataset in datasets.All)
        {
            var file = await DatasetErrors.OfDatasetAsync(
                dataset.Name,
                () => source.FindAsync(date, dataset.FileNames, cancellationToken)
            );
            files[dataset.Name] = file;
            if (file is null)
            {
                gate.Apply(
                    quality.Value.OnMissing,
                    dataset.Name,
                    ArrivalErrors.Missing(dataset, source.Describe(date))
                );
            }
            else if (file.Bytes == 0)
            {
                gate.Apply(quality.Value.OnEmptyFile, dataset.Name, ArrivalErrors.Empty(dataset, file));
            }
        }

        gate.ThrowIfClosed();
        var products = await source.FindAsync(date, DimensionFiles.ProductsNames, cancellationToken);
        var dates = await source.FindAsync(date, DimensionFiles.DatesNames, cancellationToken);
        return new ExtractResult(files, new DimensionFiles(products, dates), gate.Warnings);
    }
}
