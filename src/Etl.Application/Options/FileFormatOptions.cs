#pragma warning disable CA2227 // Null means that the setting is not given: the default's list applies, or the built-in one.
#pragma warning disable MA0016 // The configuration binder keeps a dictionary, and how it compares names, only by its class.
using Etl.Domain.Datasets;

namespace Etl.Application.Options;

/// <summary>
/// How the files are named and written. Section <c>Etl:Files:Default</c>. The sections <c>Etl:Files:Orders</c>,
/// <c>Etl:Files:Reviews</c>, <c>Etl:Files:Shipments</c>, <c>Etl:Files:Products</c> and <c>Etl:Files:Dates</c> have the same
/// settings for one file each; what they do not set is taken from here. A list replaces the list from here; it is not added to
/// it. No format is guessed.
/// </summary>
public sealed class FileFormatOptions
{
    /// <summary>The name of a dataset's section below <c>Etl:Files</c>.</summary>
    public static string SectionOf(string dataset) => char.ToUpperInvariant(dataset[0]) + dataset[1..];

    /// <summary>These settings, and those of another where these set nothing.</summary>
    public FileFormatOptions Over(FileFormatOptions? below)
    {
        if (below is null)
        {
            return this;
        }

        var merged = new FileFormatOptions();
        foreach (var property in typeof(FileFormatOptions).GetProperties().Where(p => p.CanWrite))
        {
            property.SetValue(merged, property.GetValue(this) ?? property.GetValue(below));
        }

        foreach (var (name, column) in below.Columns.Concat(Columns))
        {
            merged.Columns[name] = column;
        }

        return merged;
    }

    /// <summary>
    /// File names in order of preference. <c>*</c> stands for any characters, <c>{date}</c> and <c>{date:yyyyMMdd}</c> for the
    /// business date; a name can begin with sub-folders. Default: the names of docs/files.md.
    /// </summary>
    [FileNames]
    public IList<string>? Names { get; set; }

    /// <summary>
    /// Several files with a name of the dataset: <c>One</c> refuses them; with <c>All</c> they are its parts, read in the order of
    /// their names. The names or <c>Etl:Source:Uri</c> should contain the date; otherwise a file that is older than the run of the
    /// day before is refused. Not for products and dates. Default One.
    /// </summary>
    public FileParts? Parts { get; set; }

    /// <summary>Name of the encoding. A byte order mark of UTF-8 or UTF-16 takes precedence. Default utf-8.</summary>
    public string? Encoding { get; set; }

    /// <summary>
    /// The character between two fields; <c>\t</c> is a tab. It takes precedence over a line <c>sep=;</c> of the file. Default a
    /// comma.
    /// </summary>
    public string? Delimiter { get; set; }

    /// <summary>The character around a field that contains delimiters or line ends. Default a double quote.</summary>
    public string? Quote { get; set; }

    /// <summary>The character before a quote inside a quoted field: the quote itself, or <c>\</c>. Default the quote.</summary>
    public string? Escape { get; set; }

    /// <summary>Lines before the header. Default 0.</summary>
    [Bounds(0, 1000, "lines")]
    public int? SkipLines { get; set; }

    /// <summary>Whether the first line names the fields. Default true; false requires <see cref="Header"/>.</summary>
    public bool? HasHeader { get; set; }

    /// <summary>The field names of a file without a header, in order. Default none.</summary>
    public IList<string>? Header { get; set; }

    /// <summary>The character before the decimals of an amount. Default a point.</summary>
    public string? DecimalSeparator { get; set; }

    /// <summary>
    /// The character between groups of three digits; the first group has one to three. A number that is grouped in another way
    /// is rejected. Default none: digits are not grouped.
    /// </summary>
    public string? ThousandsSeparator { get; set; }

    /// <summary>
    /// Formats of dates and timestamps, as .NET writes them, with English names of months. The first that fits is used, and
    /// <c>yy</c> is 2000 to 2099. Two formats that read one text as different days are refused. Default yyyy-MM-dd.
    /// </summary>
    public IList<string>? DateFormats { get; set; }

    /// <summary>
    /// IANA time zone in which a timestamp with an offset becomes a day; one without an offset has its own day. Default
    /// <c>Etl:Schedule:TimeZone</c>, if it is set; otherwise a date format with an offset requires it.
    /// </summary>
    public string? TimeZone { get; set; }

    /// <summary>
    /// Texts that mean NULL besides the empty field; one empty entry means none. Default <c>Etl:Quality:NullTokens</c>.
    /// </summary>
    public IList<string>? NullTokens { get; set; }

    /// <summary>
    /// Where the values of a column come from, by the column's name: its name in the header, a list of such names, or below
    /// <c>Value</c> one value for every row. Default: the column's name and aliases in the header.
    /// </summary>
    public Dictionary<string, ColumnOptions> Columns { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Columns that together must be unique; one empty entry means no key. Default the dataset's key.</summary>
    public IList<string>? Key { get; set; }

    /// <summary>Amounts and quantities that may be negative. Default none.</summary>
    public IList<string>? AllowNegative { get; set; }

    /// <summary>
    /// Whether the dataset must be delivered; orders always must. Default true for datasets, false for products and dates.
    /// </summary>
    public bool? Required { get; set; }
}
