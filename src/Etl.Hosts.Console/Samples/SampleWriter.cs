using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Datasets;
using Etl.Domain.Orders;
using Etl.Domain.Reviews;
using Etl.Domain.Runs;
using Etl.Domain.Shipments;
using Etl.Infrastructure.Settings;

namespace Etl.Hosts.Console.Samples;

/// <summary>
/// Writes the snapshot of a day of an invented shop: one file per dataset, <c>dim_products.csv</c>, and for invalid rows
/// <c>planted.csv</c>, which lists their places and the codes that a load must report. Memory does not grow with the files.
/// </summary>
public static class SampleWriter
{
    private const string PlantedName = "planted.csv";
    private const string ProductsName = "dim_products.csv";
    private const string SettingsName = "settings.env";
    private const int FirstDirtyStream = 10;
    private const int FirstTypedStream = 1000;

    /// <summary>Writes the files and replaces existing ones.</summary>
    /// <returns>The written files.</returns>
    /// <exception cref="EtlException">The folder cannot be written.</exception>
    public static IReadOnlyList<SampleFileResult> Write(SampleOptions options, CancellationToken cancellationToken) =>
        Write(options, DatasetCatalog.BuiltIn, cancellationToken);

    /// <inheritdoc cref="Write(SampleOptions, CancellationToken)"/>
    /// <param name="options">What to generate.</param>
    /// <param name="datasets">The datasets, one file each.</param>
    /// <param name="cancellationToken">Stops between two rows.</param>
    public static IReadOnlyList<SampleFileResult> Write(
        SampleOptions options,
        DatasetCatalog datasets,
        CancellationToken cancellationToken
    )
    {
        try
        {
            Directory.CreateDirectory(options.Folder);
            var written = options.Dialect?.Apply(datasets) ?? datasets;
            WriteSettings(options, written);
            return WriteAll(options, written, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new EtlException(
                ErrorCode.Usage,
                $"Could not write the sample to {options.Folder}.",
                "Give a writable folder with enough free disk space with --out.",
                cause: exception
            );
        }
    }

    /// <summary>The settings that read the files, if they need some.</summary>
    private static void WriteSettings(SampleOptions options, DatasetCatalog datasets)
    {
        var ids = Enum.GetValues<IdOf>()
            .Where(id => datasets.TypeOf(id).IsText)
            .Select(id => $"{SettingLine.Export($"Etl:Ids:{id}", nameof(IdKind.Text))}\n");
        var settings = options.Dialect?.Environment + string.Concat(ids);
        var path = Path.Combine(options.Folder, SettingsName);
        File.Delete(path);
        if (settings.Length > 0)
        {
            File.WriteAllText(path, settings);
        }
    }

    private static List<SampleFileResult> WriteAll(
        SampleOptions options,
        DatasetCatalog datasets,
        CancellationToken cancellationToken
    )
    {
        var planted = Path.Combine(options.Folder, PlantedName);
        using var list = options.DirtyPercent > 0 ? new SampleFile(planted) : null;
        if (list is null)
        {
            File.Delete(planted);
        }

        list?.WriteLine("dataset,line,byte_offset,column,code");
        var stream = FirstDirtyStream;
        var written = new List<SampleFileResult>();
        foreach (var source in Sources(options, datasets))
        {
            var dirty = new DirtyRows(source.Dataset, options, stream++, hasLongRecord: written.Count == 0);
            written.Add(
                options.Dialect is null && IsStandard(source.Dataset)
                    ? WriteRows(PathOf(options, source.Dataset), source, dirty, list, cancellationToken)
                    : WriteRows(PathOf(options, source.Dataset), source.Dataset, source, cancellationToken)
            );
        }

        var ids = new ShopIds(datasets);
        written.Add(
            options.Dialect is { } dialect
                ? WriteRows(
                    PathOf(options, dialect.Products),
                    dialect.Products,
                    new ProductRows(ids),
                    cancellationToken
                )
                : WriteProducts(options.Folder, ids)
        );
        return written;
    }

    /// <summary>Whether the file of a dataset has the standard format.</summary>
    internal static bool IsStandard(Dataset dataset) =>
        FileFormatJson.Write(dataset.Format) == FileFormatJson.Write(FileFormat.Standard);

    /// <summary>The path of a dataset's file, by the first of its names; folders of the name are created.</summary>
    private static string PathOf(SampleOptions options, Dataset dataset)
    {
        var name = FilePattern.Of(dataset.FileNames[0], new BusinessDate(options.Day)).Path;
        var path = Path.Combine(options.Folder, name.Replace("*", "1", StringComparison.Ordinal));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    /// <summary>The generator of each dataset: that of the shop, or else one by the types of the columns.</summary>
    private static IEnumerable<IRowSource> Sources(SampleOptions options, DatasetCatalog datasets)
    {
        var days = new DayTexts(options.Day);
        var ids = new ShopIds(datasets);
        return datasets.Delivered.Select<Dataset, IRowSource>(
            (d, i) =>
                d.Name == Order.Dataset.Name ? new OrderRows(d, options, days, ids)
                : d.Name == Review.Dataset.Name ? new ReviewRows(d, options, ids)
                : d.Name == Shipment.Dataset.Name ? new ShipmentRows(d, options, days, ids)
                : new TypedRows(d, options, ids, FirstTypedStream + i)
        );
    }

    private static SampleFileResult WriteRows(
        string path,
        IRowSource source,
        DirtyRows dirtyRows,
        SampleFile? planted,
        CancellationToken cancellationToken
    )
    {
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
            if (dirtyRows.Visit(row) is { } error)
            {
                planted?.WriteLine(Describe(source.Dataset, file, error));
                dirty++;
            }

            file.WriteLine(row.Bytes);
        }

        return new SampleFileResult(path, source.Rows, file.Offset, dirty);
    }

    /// <summary>Writes valid rows in the format of their dataset.</summary>
    private static SampleFileResult WriteRows(
        string path,
        Dataset dataset,
        IRowSource source,
        CancellationToken cancellationToken
    )
    {
        using (var file = new DialectFile(path, dataset))
        {
            var row = new RowBuffer();
            for (var i = 0L; i < source.Rows; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                row.Clear();
                source.Next(row);
                file.Write(row);
            }
        }

        return new SampleFileResult(path, source.Rows, new FileInfo(path).Length, 0);
    }

    private static string Describe(Dataset dataset, SampleFile file, PlantedError error) =>
        $"{dataset},{file.Line},{file.Offset},{error.Column},{error.Code.Text()}";

    private static SampleFileResult WriteProducts(string folder, ShopIds ids)
    {
        var path = Path.Combine(folder, ProductsName);
        using var file = new SampleFile(path);
        file.WriteLine("product_id,product_category,product_name");
        for (var i = 0; i < Shop.Products.Count; i++)
        {
            var product = Shop.Products[i];
            file.WriteLine($"{ids.TextOf(IdOf.Product, i + 1)},{product.Category},{Quoted(product.Name)}");
        }

        return new SampleFileResult(path, Shop.Products.Count, file.Offset, 0);
    }

    private static string Quoted(string text) =>
        text.AsSpan().IndexOfAny(',', '"') < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

/// <summary>A written file.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Rows">Data rows, without the header.</param>
/// <param name="Bytes">Its size in bytes.</param>
/// <param name="Dirty">Rows that a load must reject.</param>
public sealed record SampleFileResult(string Path, long Rows, long Bytes, long Dirty);
