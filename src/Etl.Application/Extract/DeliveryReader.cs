using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Runs;
using Microsoft.Extensions.Options;

namespace Etl.Application.Extract;

/// <summary>
/// Reads what a sender delivers beside the source files: marker, checksum files and control file. The content of the optional
/// files is compared at once; that of the source files after they were read.
/// </summary>
internal sealed class DeliveryReader(
    DatasetCatalog datasets,
    OptionalDatasets optional,
    ISourceStore source,
    IOptions<DeliveryOptions> options
)
{
    private readonly DeliveryOptions settings = options.Value;

    /// <summary>Adds to each file what is stated about it, and a warning for a marker or control file that does not apply.</summary>
    /// <exception cref="EtlException">
    /// Required evidence or a listed file is missing, an optional file contradicts its checksum, or a checksum or control file
    /// cannot be read.
    /// </exception>
    public async Task<ExtractResult> AddStatedAsync(
        BusinessDate date,
        ExtractResult found,
        CancellationToken cancellationToken
    )
    {
        var sources = found.Files.Values.SelectMany(f => f).ToList();
        var beside = new[] { found.Dimensions.Products, found.Dimensions.Dates }.OfType<SourceFile>();
        var sidecars = new Sidecars(source, date, settings, cancellationToken);
        var delivery = await sidecars.ReadAsync([.. sources, .. beside]);
        await RequireListedAsync(date, delivery, cancellationToken);
        RequireEvidence(date, delivery, sources);
        var result = found with
        {
            Files = found.Files.ToDictionary(
                f => f.Key,
                f => (IReadOnlyList<SourceFile>)[.. f.Value.Select(p => delivery.WithStated(p, sources)!)]
            ),
            Dimensions = found.Dimensions with
            {
                Products = delivery.WithStated(found.Dimensions.Products, []),
                Dates = delivery.WithStated(found.Dimensions.Dates, []),
            },
            Warnings = [.. found.Warnings, .. Warnings(date, delivery, sources)],
        };
        await RequireOptionalAsync(result.Dimensions, cancellationToken);
        return result;
    }

    /// <summary>A file that a list names, and that is not the file of its dataset, must exist.</summary>
    private async Task RequireListedAsync(BusinessDate date, Delivery delivery, CancellationToken cancellationToken)
    {
        var look = new DayFiles(source, date, settings, cancellationToken);
        var known = datasets.Delivered.Concat(optional.All).ToList();
        foreach (var (name, by) in delivery.ListedWithoutFile().Where(l => known.Exists(d => look.IsNameOf(d, l.Path))))
        {
            if (await source.FindAsync(date, [name], cancellationToken) is null)
            {
                throw new EtlException(DeliveryErrors.Listed(name, by, source.Describe(date)));
            }
        }
    }

    private void RequireEvidence(BusinessDate date, Delivery delivery, IReadOnlyList<SourceFile> sources)
    {
        var required = settings.Require;
        var marked = delivery.IsMarked(sources);
        var lacking = sources.Where(f => !delivery.Has(required, f)).Select(f => f.Path).ToList();
        var names = string.Join(", ", lacking);
        var what = required switch
        {
            DeliveryEvidence.Marker when !marked => delivery.NewerThanMarker(sources) is { } newer
                ? $"the marker {settings.Marker} is older than {newer.Path}"
                : $"there is no marker {settings.Marker}",
            DeliveryEvidence.Checksum when lacking.Count > 0 => $"there is no checksum of {names}",
            DeliveryEvidence.Control when lacking.Count > 0 => !delivery.HasControl
                ? $"there is no control file {settings.Control}"
                : $"the control file {settings.Control} does not list {names}",
            DeliveryEvidence.Any when !marked && lacking.Count > 0 =>
                $"there is no marker {settings.Marker}, no checksum and no row of a control file for {names}",
            _ => null,
        };
        if (what is not null)
        {
            throw new EtlException(DeliveryErrors.Required(required, what, source.Describe(date)));
        }
    }

    private IEnumerable<RunWarning> Warnings(BusinessDate date, Delivery delivery, IReadOnlyList<SourceFile> sources)
    {
        if (delivery.NewerThanMarker(sources) is { } newer)
        {
            yield return new RunWarning(
                RunWarningKind.Arrival,
                $"The marker {settings.Marker} in {source.Describe(date)} is older than {newer.Path} and was ignored."
            );
        }

        if (!string.IsNullOrEmpty(settings.Control) && !delivery.HasControl)
        {
            yield return new RunWarning(
                RunWarningKind.Arrival,
                $"There is no control file {settings.Control} in {source.Describe(date)}."
            );
        }
    }

    /// <summary>Optional files are small, and the transform reads them as they are.</summary>
    private async Task RequireOptionalAsync(DimensionFiles files, CancellationToken cancellationToken)
    {
        foreach (var file in new[] { files.Products, files.Dates }.OfType<SourceFile>().Where(f => f.Stated.Count > 0))
        {
            var hash = await FileHash.OfAsync(source, file, cancellationToken);
            foreach (var stated in file.Stated)
            {
                if (DeliveryCheck.HashError(file.FileName, file.Uri, stated, hash.Sha256, hash.Md5) is { } error)
                {
                    throw new EtlException(error);
                }
            }
        }
    }
}
