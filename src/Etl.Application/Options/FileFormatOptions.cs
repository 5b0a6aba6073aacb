#pragma warning disable CA2227 // Null means that the setting is not given: the default's list applies, or the built-in one.
#pragma warning disable MA0016 // The configuration binder keeps a dictionary, and how it compares names, only by its class.
namespace Etl.Application.Options;

/// <summary>
/// How the file of a dataset is named and written. Sections <c>Etl:Files:Orders</c>, <c>Reviews</c>, <c>Shipments</c>,
/// <c>Products</c> and <c>Dates</c>; what a section does not set, <c>Etl:Files:Default</c> sets. Nothing is guessed.
/// </summary>
public sealed class FileFormatOptions
{
    /// <summary>File name patterns in order of preference. Default: the names of docs/files.md.</summary>
    public IList<string>? Names { get; set; }

    /// <summary>Name of the encoding. A byte order mark of UTF-8 or UTF-16 takes precedence. Default utf-8.</summary>
    public string? Encoding { get; set; }

    /// <summary>The character between two fields; <c>\t</c> is a tab. Default a comma.</summary>
    public string? Delimiter { get; set; }

    /// <summary>The character around a field that contains delimiters or line ends. Default <c>"</c>.</summary>
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

    /// <summary>The character between groups of three digits. Default none: digits are not grouped.</summary>
    public string? ThousandsSeparator { get; set; }

    /// <summary>Formats of dates, as .NET writes them, with invariant names. Default yyyy-MM-dd.</summary>
    public IList<string>? DateFormats { get; set; }

    /// <summary>
    /// Time zone in which a timestamp with an offset becomes a day. Default <c>Etl:Schedule:TimeZone</c>, if it is set.
    /// </summary>
    public string? TimeZone { get; set; }

    /// <summary>Texts that mean NULL besides the empty field. Default <c>Etl:Quality:NullTokens</c>.</summary>
    public IList<string>? NullTokens { get; set; }

    /// <summary>Header names of a column by the column's name, separated by <c>|</c>. Default: its name and aliases.</summary>
    public Dictionary<string, string> Columns { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Values of columns that the file does not have, by the column's name. Default none.</summary>
    public Dictionary<string, string> Constants { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Columns that together must be unique; one empty entry means no key. Default the dataset's key.</summary>
    public IList<string>? Key { get; set; }

    /// <summary>Amounts and quantities that may be negative. Default none.</summary>
    public IList<string>? AllowNegative { get; set; }

    /// <summary>
    /// Whether the dataset must be delivered. Default: <c>Etl:Quality:OnMissing</c> decides; products and dates are optional.
    /// </summary>
    public bool? Required { get; set; }
}
