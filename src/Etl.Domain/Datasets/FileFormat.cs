namespace Etl.Domain.Datasets;

/// <summary>How the file of a dataset is named and written. The defaults are the standard format: CSV after RFC 4180.</summary>
public sealed record FileFormat
{
    /// <summary>The standard format.</summary>
    public static FileFormat Standard { get; } = new();

    /// <summary>Name of the encoding, as .NET knows it. A byte order mark of UTF-8 or UTF-16 takes precedence.</summary>
    public string Encoding { get; init; } = "utf-8";

    /// <summary>The byte between two fields; null for a comma, or what a line <c>sep=;</c> before the header states.</summary>
    public byte? Delimiter { get; init; }

    /// <summary>The byte around a field that contains delimiters or line ends.</summary>
    public byte Quote { get; init; } = (byte)'"';

    /// <summary>The byte before a quote inside a quoted field: the quote itself, or a backslash.</summary>
    public byte Escape { get; init; } = (byte)'"';

    /// <summary>Lines before the header, or before the first row of a file without one.</summary>
    public int SkipLines { get; init; }

    /// <summary>The field names of a file without a header, in order; empty for a file with one.</summary>
    public IReadOnlyList<string> Header { get; init; } = [];

    /// <summary>The byte before the decimals of an amount.</summary>
    public byte DecimalSeparator { get; init; } = (byte)'.';

    /// <summary>The byte between groups of three digits; null if digits are not grouped.</summary>
    public byte? ThousandsSeparator { get; init; }

    /// <summary>Formats of dates, as .NET writes them; the first that fits is used. Empty: only yyyy-MM-dd is read.</summary>
    public IReadOnlyList<string> DateFormats { get; init; } = [];

    /// <summary>The time zone in which a timestamp with an offset becomes a day.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Texts that mean NULL besides the empty field.</summary>
    public IReadOnlyList<string> NullTokens { get; init; } = [];

    /// <summary>Header names of columns, by the columns' names: they replace the name and the aliases of the description.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> ColumnNames { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Values of columns that the file does not have, by the columns' names.</summary>
    public IReadOnlyDictionary<string, string> Constants { get; init; } = new Dictionary<string, string>();
}
