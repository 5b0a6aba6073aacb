using Etl.Application.Errors;
using Etl.Domain.Datasets;

namespace Etl.Hosts.Console.Samples;

/// <summary>
/// Writes a day's snapshot of the invented shop: <c>orders.csv</c>, <c>reviews.csv</c>, <c>shipment_deliveries.csv</c>
/// and <c>dim_products.csv</c>, and with spoilt rows <c>planted.csv</c>, which says where they are and what a load must
/// say about them. Streams: memory does not grow with the files.
/// </summary>
public static class SampleWriter
{
    private const string PlantedName = "planted.csv";
    private const string ProductsName = "dim_products.csv";

    /// <summary>Writes the files; those that are there are replaced.</summary>
    /// <returns>The files that were written.</returns>
    /// <exception cref="EtlException">The folder cannot be written.</exception>
    public static IReadOnlyList<SampleFileResult> Write(SampleOptions options, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(options.Folder);
            return WriteAll(options, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new EtlException(
                ErrorCode.Usage,
                $"The sample cannot be written to {options.Folder}.",
                "Give a folder that can be written with --out, and see that its disk has room.",
                cause: exception
            );
        }
    }

    private static List<SampleFileResult> WriteAll(SampleOptions options, CancellationToken cancellationToken)
    {
        var days = new DayTexts(options.Day);
        var planted = Path.Combine(options.Folder, PlantedName);
        using var list = options.DirtyPercent > 0 ? new SampleFile(planted) : null;
        if (list is null)
        {
            File.Delete(planted);
        }

        list?.WriteLine("dataset,line,byte_offset,column,code");
        var stream = 10;
        var written = new List<SampleFileResult>();
        IRowSource[] sources = [new OrderRows(options, days), new ReviewRows(options), new ShipmentRows(options, days)];
        foreach (var source in sources)
        {
            var faults = new DirtyRows(source.Dataset, options, stream++);
            written.Add(WriteRows(options.Folder, source, faults, list, cancellationToken));
        }

        written.Add(WriteProducts(options.Folder));
        return written;
    }

    private static SampleFileResult WriteRows(
        string folder,
        IRowSource source,
        DirtyRows faults,
        SampleFile? planted,
        CancellationToken cancellationToken
    )
    {
        var path = Path.Combine(folder, source.Dataset.FileNames[0]);
        using var file = new SampleFile(path);
        file.WriteLine(string.Join(',', source.Dataset.Columns.Select(c => c.Name)));
        var row = new RowBuffer();
        var dirty = 0L;
        for (var i = 0L; i < source.Rows; i++)
        {
            if (i % 65_536 == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            row.Clear();
            source.Next(row);
            if (faults.Visit(row) is { } exception)
            {
                planted?.WriteLine(Describe(source.Dataset, file, exception));
                dirty++;
            }

            file.WriteLine(row.Bytes);
        }

        return new SampleFileResult(path, source.Rows, file.Offset, dirty);
    }

    private static string Describe(Dataset dataset, SampleFile file, DirtyRowPlan exception) =>
        $"{dataset},{file.Line},{file.Offset},{exception.Column},{exception.Code.Text()}";

    private static SampleFileResult WriteProducts(string folder)
    {
        var path = Path.Combine(folder, ProductsName);
        using var file = new SampleFile(path);
        file.WriteLine("product_id,product_category,product_name");
        for (var i = 0; i < Shop.Products.Count; i++)
        {
            var product = Shop.Products[i];
            file.WriteLine($"{i + 1},{product.Category},{Quoted(product.Name)}");
        }

        return new SampleFileResult(path, Shop.Products.Count, file.Offset, 0);
    }

    private static string Quoted(string text) =>
        text.AsSpan().IndexOfAny(',', '"') < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

/// <summary>A file that was written.</summary>
/// <param name="Path">Where.</param>
/// <param name="Rows">Data rows, the header not counted.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Dirty">Rows among them that a load must reject.</param>
public sealed record SampleFileResult(string Path, long Rows, long Bytes, long Dirty);
