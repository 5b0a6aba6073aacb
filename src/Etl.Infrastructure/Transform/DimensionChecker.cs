using Etl.Application.Errors;
using Etl.Application.Extract;
using Etl.Application.Operations;
using Etl.Application.Runs;

namespace Etl.Infrastructure.Transform;

/// <summary>Reads the products and dates files in full, by the code of the transform.</summary>
internal sealed class DimensionChecker(DimensionReader reader) : IDimensionChecker
{
    public async Task<DimensionCheck> CheckAsync(DimensionFiles dimensions, CancellationToken cancellationToken)
    {
        var errors = new List<EtlError>();
        var warnings = new List<RunWarning>();
        if (dimensions.Products is { } products)
        {
            await TryAsync(errors, () => CheckProductsAsync(products, warnings, cancellationToken));
        }

        if (dimensions.Dates is { } dates)
        {
            await TryAsync(
                errors,
                () => new CalendarFile(reader).ReadAsync(dates, [], _ => ValueTask.CompletedTask, cancellationToken)
            );
        }

        return new DimensionCheck(warnings, errors);
    }

    private async Task CheckProductsAsync(
        SourceFile file,
        List<RunWarning> warnings,
        CancellationToken cancellationToken
    )
    {
        var repeated = await new ProductFile(reader).ReadAsync(file, _ => ValueTask.CompletedTask, cancellationToken);
        if (repeated.Count > 0)
        {
            warnings.Add(
                new RunWarning(
                    RunWarningKind.DataTest,
                    $"{Counted.Of(repeated.Count, "product")} listed more than once in {file.FileName}; the first name is used."
                )
            );
        }
    }

    private static async Task TryAsync(List<EtlError> errors, Func<Task> read)
    {
        try
        {
            await read();
        }
        catch (EtlException exception)
        {
            errors.Add(exception.Error);
        }
    }
}
