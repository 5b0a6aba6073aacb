using Etl.Application.Errors;
using Etl.Application.Extract;
using Etl.Application.Operations;
using Etl.Domain;
using Etl.Domain.Datasets;

namespace Etl.Infrastructure.Transform;

/// <summary>Reads the products and dates files in full, by the code of the transform.</summary>
internal sealed class DimensionChecker(DatasetCatalog datasets, DimensionReader reader) : IDimensionChecker
{
    public async Task<IReadOnlyList<EtlError>> CheckAsync(
        DimensionFiles dimensions,
        CancellationToken cancellationToken
    )
    {
        var errors = new List<EtlError>();
        if (dimensions.Products is { } products)
        {
            await TryAsync(
                errors,
                new ProductFile(reader, datasets.TypeOf(IdOf.Product)).ReadAsync(products, cancellationToken)
            );
        }

        if (dimensions.Dates is { } dates)
        {
            await TryAsync(errors, new CalendarFile(reader).ReadAsync(dates, [], cancellationToken));
        }

        return errors;
    }

    private static async Task TryAsync<T>(List<EtlError> errors, IAsyncEnumerable<T> rows)
    {
        try
        {
            await foreach (var _ in rows) { }
        }
        catch (EtlException exception)
        {
            errors.Add(exception.Error);
        }
    }
}
