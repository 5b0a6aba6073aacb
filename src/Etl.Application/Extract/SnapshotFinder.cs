using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;
using Microsoft.Extensions.Options;

namespace Etl.Application.Extract;

/// <summary>Finds and pins the files of a business date, for a run and for a check.</summary>
public sealed class SnapshotFinder
{
    private readonly DatasetCatalog datasets;
    private readonly ISourceStore source;
    private readonly DeliveryReader delivery;
    private readonly QualityOptions quality;

    internal SnapshotFinder(
        DatasetCatalog datasets,
        ISourceStore source,
        DeliveryReader delivery,
        IOptions<QualityOptions> quality
    )
    {
        (this.datasets, this.source, this.delivery) = (datasets, source, delivery);
        this.quality = quality.Value;
    }

    /// <summary>Finds out whether at least one of the required files has arrived.</summary>
    /// <exception cref="EtlException">None has, or the source cannot be read.</exception>
    internal async Task RequireAnyAsync(BusinessDate date, CancellationToken cancellationToken)
    {
        var missing = new ArrivalGate();
        foreach (var dataset in datasets.All)
        {
            if (await source.FindAsync(date, dataset.DeliveredNames, cancellationToken) is not null)
            {
                return;
            }

            missing.Apply(quality.OnMissing, dataset.Name, Missing(date, dataset));
        }

        missing.ThrowIfClosed();
    }

    /// <summary>The file of each dataset, and the optional files, with what their sender states about them.</summary>
    /// <exception cref="EtlException">
    /// A required file is missing or empty, the delivery is incomplete, or the source cannot be read.
    /// </exception>
    public async Task<ExtractResult> FindAsync(BusinessDate date, CancellationToken cancellationToken)
    {
        var gate = new ArrivalGate();
        var files = new Dictionary<string, SourceFile?>();
        foreach (var dataset in datasets.All)
        {
            var file = await DatasetErrors.OfDatasetAsync(
                dataset.Name,
                () => FindOneAsync(date, dataset, cancellationToken)
            );
            files[dataset.Name] = file;
            if (file is null)
            {
                gate.Apply(quality.OnMissing, dataset.Name, Missing(date, dataset));
            }
            else if (file.Bytes == 0)
            {
                gate.Apply(quality.OnEmptyFile, dataset.Name, ArrivalErrors.Empty(dataset, file));
            }
        }

        gate.ThrowIfClosed();
        var products = await source.FindAsync(date, DimensionFiles.ProductsNames, cancellationToken);
        var dates = await source.FindAsync(date, DimensionFiles.DatesNames, cancellationToken);
        var found = new ExtractResult(files, new DimensionFiles(products, dates), gate.Warnings);
        return await delivery.AddStatedAsync(date, found, cancellationToken);
    }

    /// <exception cref="EtlException">There are two files of the dataset; none of them is preferred.</exception>
    private async Task<SourceFile?> FindOneAsync(
        BusinessDate date,
        Dataset dataset,
        CancellationToken cancellationToken
    )
    {
        var names = dataset.DeliveredNames;
        var file = await source.FindAsync(date, names, cancellationToken);
        var others = names.SkipWhile(n => n != file?.FileName).Skip(1).ToList();
        return others.Count > 0 && await source.FindAsync(date, others, cancellationToken) is { } other
            ? throw new EtlException(ArrivalErrors.Ambiguous(dataset, file!, other, source.Describe(date)))
            : file;
    }

    private EtlError Missing(BusinessDate date, Dataset dataset) =>
        ArrivalErrors.Missing(dataset, source.Describe(date), source.ListSimilar(date, dataset.FileNames));
}
