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
    private readonly OptionalDatasets optional;
    private readonly DeliveryReader delivery;
    private readonly DeliveryOptions evidence;
    private readonly QualityOptions quality;

    internal SnapshotFinder(
        DatasetCatalog datasets,
        OptionalDatasets optional,
        ISourceStore source,
        DeliveryReader delivery,
        IOptions<DeliveryOptions> evidence,
        IOptions<QualityOptions> quality
    )
    {
        (this.datasets, this.optional, this.source, this.delivery) = (datasets, optional, source, delivery);
        (this.evidence, this.quality) = (evidence.Value, quality.Value);
    }

    /// <summary>Finds out whether at least one of the required files has arrived.</summary>
    /// <exception cref="EtlException">None has, or the source cannot be read.</exception>
    internal async Task RequireAnyAsync(BusinessDate date, CancellationToken cancellationToken)
    {
        var missing = new ArrivalGate();
        var look = LookAt(date, cancellationToken);
        foreach (var dataset in datasets.Delivered)
        {
            if ((await FindPartsAsync(look, dataset)).Count > 0)
            {
                return;
            }

            await ApplyMissingAsync(missing, look, dataset);
        }

        missing.ThrowIfClosed();
    }

    /// <summary>The files of each dataset, and the optional files, with what their sender states about them.</summary>
    /// <exception cref="EtlException">
    /// A required file is missing or empty, the delivery is incomplete, or the source cannot be read.
    /// </exception>
    public async Task<ExtractResult> FindAsync(BusinessDate date, CancellationToken cancellationToken)
    {
        var gate = new ArrivalGate();
        var look = LookAt(date, cancellationToken);
        var files = new Dictionary<string, IReadOnlyList<SourceFile>>();
        foreach (var dataset in datasets.Delivered)
        {
            var parts = await FindPartsAsync(look, dataset);
            files[dataset.Name] = parts;
            if (parts.Count == 0)
            {
                await ApplyMissingAsync(gate, look, dataset);
            }

            foreach (var file in parts.Where(p => p.Bytes == 0))
            {
                gate.Apply(quality.OnEmptyFile, dataset.Name, ArrivalErrors.Empty(dataset, file));
            }
        }

        var products = await FindOptionalAsync(gate, look, optional.Products);
        var dates = await FindOptionalAsync(gate, look, optional.Dates);
        gate.ThrowIfClosed();
        RequireDistinct(
            date,
            [
                .. datasets.Delivered.SelectMany(d => files[d.Name].Select(f => (d, f))),
                .. new[] { (optional.Products, products), (optional.Dates, dates) }
                    .Where(f => f.Item2 is not null)
                    .Select(f => (f.Item1, f.Item2!)),
            ]
        );
        var found = new ExtractResult(files, new DimensionFiles(products, dates), gate.Warnings);
        return await delivery.AddStatedAsync(date, found, cancellationToken);
    }

    /// <summary>The files of each dataset that are there now; none if it is missing.</summary>
    /// <exception cref="EtlException">Files of a dataset are not its parts, or the source cannot be read.</exception>
    internal async Task<IReadOnlyDictionary<string, IReadOnlyList<SourceFile>>> FindCurrentAsync(
        BusinessDate date,
        CancellationToken cancellationToken
    )
    {
        var look = LookAt(date, cancellationToken);
        var files = new Dictionary<string, IReadOnlyList<SourceFile>>();
        foreach (var dataset in datasets.Delivered)
        {
            files[dataset.Name] = await FindPartsAsync(look, dataset);
        }

        return files;
    }

    /// <summary>The file of the business calendar; null if there is none.</summary>
    /// <exception cref="EtlException">There are several, or the source cannot be read.</exception>
    public Task<SourceFile?> FindDatesAsync(BusinessDate date, CancellationToken cancellationToken) =>
        LookAt(date, cancellationToken).FindOneAsync(optional.Dates);

    /// <summary>A file can deliver two datasets if both state its exact name; a pattern can match it by accident.</summary>
    /// <exception cref="EtlException">The names of two datasets match one file.</exception>
    private static void RequireDistinct(BusinessDate date, IEnumerable<(Dataset Dataset, SourceFile File)> files)
    {
        var shared = files
            .GroupBy(f => f.File.Uri, f => (f.Dataset, f.File.Path))
            .FirstOrDefault(g => g.Count() > 1 && !g.All(f => IsExactName(f.Dataset, f.Path)));
        if (shared is not null)
        {
            throw new EtlException(ArrivalErrors.Shared([.. shared.Select(f => f.Dataset.Name)], shared.Key));
        }

        bool IsExactName(Dataset dataset, string path) =>
            dataset.FilesOf(date).Any(p => !p.HasWildcard && p.Paths.Contains(path));
    }

    private DayFiles LookAt(BusinessDate date, CancellationToken cancellationToken) =>
        new(source, date, evidence, cancellationToken);

    private static Task<IReadOnlyList<SourceFile>> FindPartsAsync(DayFiles look, Dataset dataset) =>
        DatasetErrors.OfDatasetAsync(dataset.Name, () => look.FindAsync(dataset));

    private static async Task<SourceFile?> FindOptionalAsync(ArrivalGate gate, DayFiles look, Dataset dataset)
    {
        var file = await DatasetErrors.OfDatasetAsync(dataset.Name, () => look.FindOneAsync(dataset));
        if (file is null && dataset.IsRequired)
        {
            await ApplyMissingAsync(gate, look, dataset);
        }

        return file;
    }

    private static async Task ApplyMissingAsync(ArrivalGate gate, DayFiles look, Dataset dataset)
    {
        if (dataset.IsRequired)
        {
            gate.Apply(ArrivalPolicy.Fail, dataset.Name, await look.MissingAsync(dataset));
        }
        else
        {
            gate.Warn(dataset.Name, look.Absent(dataset));
        }
    }
}
