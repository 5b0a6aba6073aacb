namespace Etl.Domain.Datasets;

/// <summary>
/// How the file of a dataset is named and written, with every setting resolved. The defaults are the standard format: CSV
/// after RFC 4180. Characters are ASCII, so that each is one byte of the file.
/// </summary>
public sealed record FileFormat
{
    /// <summary>The only date format of the standard format.</summary>
    public const string StandardDate = "yyyy-MM-dd";

    /// <summary>The standard format.</summary>
    public static FileFormat Standard { get; } = new();

    /// <summary>Name of the encoding, as .NET knows it. A byte order mark of UTF-8 or UTF-16 takes precedence.</summary>
    public string Encoding { get; init; } = TextEncodings.Utf8;

    /// <summary>Between two fields; null for a comma, or what a line <c>sep=;</c> before the header states.</summary>
    public char? Delimiter { get; init; }

    /// <summary>Around a field that contains delimiters or line ends.</summary>
    public char Quote { get; init; } = '"';

    /// <summary>Before a quote inside a quoted field: the quote itself, or a backslash.</summary>
    public char Escape { get; init; } = '"';

    /// <summary>Lines before the header, or before the first row of a file without one.</summary>
    public int SkipLines { get; init; }

    /// <summary>The field names of a file without a header, in order; empty for a file with one.</summary>
    public IReadOnlyList<string> Header { get; init; } = [];

    /// <summary>Before the decimals of an amount.</summary>
    public char DecimalSeparator { get; init; } = '.';

    /// <summary>The character between groups of three digits, which need not be ASCII; null if digits are not grouped.</summary>
    public string? ThousandsSeparator { get; init; }

    /// <summary>Formats of dates, as .NET writes them; the first that fits is used.</summary>
    public IReadOnlyList<string> DateFormats { get; init; } = [StandardDate];

    /// <summary>ID of the time zone in which a timestamp with an offset becomes a day.</summary>
    public string TimeZone { get; init; } = TimeZoneInfo.Utc.Id;

    /// <summary>Texts that mean NULL besides the empty field.</summary>
    public IReadOnlyList<string> NullTokens { get; init; } = [];

    /// <summary>Header names of columns, by the columns' names: they replace the name and the aliases of the description.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> ColumnNames { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Values of columns that are not read from the file, by the columns' names.</summary>
    public IReadOnlyDictionary<string, string> Constants { get; init; } = new Dictionary<string, string>();
}
