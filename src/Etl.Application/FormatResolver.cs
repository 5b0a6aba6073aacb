using Etl.Application.Options;
using Etl.Domain.Datasets;

namespace Etl.Application;

/// <summary>
/// Resolves the format of one file: what its own section sets, then what the section for all files sets, then the built-in
/// values. An invalid setting is an error, and counts as not set.
/// </summary>
/// <param name="section">Name of the file's own section.</param>
/// <param name="own">Its settings.</param>
/// <param name="common">The settings of the section for all files.</param>
/// <param name="fallback">The settings of other sections that apply where no file section sets anything.</param>
internal sealed class FormatResolver(
    string section,
    FileFormatOptions own,
    FileFormatOptions common,
    FormatFallback fallback
)
{
    private readonly List<(string Setting, string Error)> errors = [];

    /// <summary>The errors of the last format.</summary>
    public IReadOnlyList<(string Setting, string Error)> Errors => errors;

    /// <param name="dataset">The dataset of the file; null for a file without a description.</param>
    public FileFormat Resolve(Dataset? dataset)
    {
        errors.Clear();
        var columns = new ColumnMapping(own, common, Path);
        var dates = new DateSettings(own, common, fallback.TimeZone, Path);
        var quote = Character(nameof(own.Quote), o => o.Quote) ?? FileFormat.Standard.Quote;
        var format = new FileFormat
        {
            Encoding = Encoding(),
            Delimiter = Character(nameof(own.Delimiter), o => o.Delimiter),
            Quote = quote,
            Escape = Character(nameof(own.Escape), o => o.Escape) ?? quote,
            SkipLines = own.SkipLines ?? common.SkipLines ?? 0,
            Header = Header(),
            DecimalSeparator =
                Character(nameof(own.DecimalSeparator), o => o.DecimalSeparator)
                ?? FileFormat.Standard.DecimalSeparator,
            ThousandsSeparator = ThousandsSeparator(),
            DateFormats = dates.Formats,
            TimeZone = dates.Zone,
            NullTokens = [.. (own.NullTokens ?? common.NullTokens ?? fallback.NullTokens).Where(t => t.Length > 0)],
            ColumnNames = columns.Names,
            Constants = columns.Constants,
        };
        errors.AddRange(dates.Errors);
        CheckCharacters(format);
        errors.AddRange(columns.Errors(dataset, format));
        return format;
    }

    private string Encoding()
    {
        var (setting, name) = Find(nameof(own.Encoding), o => o.Encoding);
        if (name is null || TextEncodings.Find(name) is not null)
        {
            return name ?? FileFormat.Standard.Encoding;
        }

        Add(setting, $"is {SafeText.Value(name)}, which is not an encoding of .NET; give a name such as windows-1252.");
        return FileFormat.Standard.Encoding;
    }

    private char? Character(string name, Func<FileFormatOptions, string?> get)
    {
        var (setting, text) = Find(name, get);
        var letter = text == "\\t" ? "\t" : text;
        if (
            letter
            is null
                or [
                    > ' '
                    and <= '~'
                    and not (>= '0' and <= '9')
                    and not (>= 'A' and <= 'Z')
                    and not (>= 'a' and <= 'z'),
                ]
                or [' ' or '\t']
        )
        {
            return letter?[0];
        }

        Add(
            setting,
            $"is {SafeText.Value(text)}; give one ASCII character that is not a letter or a digit, or \\t for a tab."
        );
        return null;
    }

    private string? ThousandsSeparator()
    {
        var (setting, text) = Find(nameof(own.ThousandsSeparator), o => o.ThousandsSeparator);
        if (
            text is null
            || (
                text.Length == 1
                && !char.IsLetterOrDigit(text[0])
                && !char.IsControl(text[0])
                && text[0] is not ('-' or '+')
            )
        )
        {
            return text;
        }

        Add(setting, $"is {SafeText.Value(text)}; give one character that is not a letter, a digit or a sign.");
        return null;
    }

    private IReadOnlyList<string> Header()
    {
        var names = own.Header ?? common.Header;
        var hasHeader = own.HasHeader ?? common.HasHeader ?? true;
        if (!hasHeader && names is null or { Count: 0 })
        {
            Add(
                Path(nameof(own.HasHeader), own.HasHeader is not null),
                $"is false, which requires {Path(nameof(own.Header), isOwn: true)}: the names of the fields in order."
            );
        }
        else if (hasHeader && names is { Count: > 0 })
        {
            Add(
                Path(nameof(own.Header), own.Header is not null),
                $"names the fields of a file without a header; set {Path(nameof(own.HasHeader), isOwn: true)} to false, or map the columns."
            );
        }

        return hasHeader || names is null ? [] : [.. names];
    }

    /// <summary>Two characters of a format that mean different things must differ.</summary>
    private void CheckCharacters(FileFormat format)
    {
        Require(
            format.Quote != (format.Delimiter ?? ','),
            nameof(own.Quote),
            o => o.Quote,
            "is the delimiter, too; give another character."
        );
        Require(
            format.Escape == format.Quote || format.Escape == '\\',
            nameof(own.Escape),
            o => o.Escape,
            "is neither the quote nor a backslash; give one of them."
        );
        Require(
            format.Escape != format.Delimiter,
            nameof(own.Delimiter),
            o => o.Delimiter,
            "is the escape character, too; give another character."
        );
        Require(
            format.ThousandsSeparator != $"{format.DecimalSeparator}",
            nameof(own.ThousandsSeparator),
            o => o.ThousandsSeparator,
            $"is the decimal separator, too; set {Path(nameof(own.DecimalSeparator), isOwn: true)} or give another character."
        );
    }

    private void Require(bool isValid, string name, Func<FileFormatOptions, string?> get, string error)
    {
        if (!isValid)
        {
            Add(Find(name, get).Setting, error);
        }
    }

    /// <summary>The setting that applies, and its value; an empty text is not set.</summary>
    private (string Setting, string? Value) Find(string name, Func<FileFormatOptions, string?> get) =>
        get(own) is { Length: > 0 } ownValue ? (Path(name, isOwn: true), ownValue)
        : get(common) is { Length: > 0 } value ? (Path(name, isOwn: false), value)
        : (Path(name, isOwn: true), null);

    private string Path(string name, bool isOwn) =>
        $"Etl:Files:{(isOwn ? section : ConfiguredDatasets.Default)}:{name}";

    private void Add(string setting, string error) => errors.Add((setting, error));
}

/// <summary>The settings of other sections that apply where no section of <c>Etl:Files</c> sets anything.</summary>
/// <param name="NullTokens">Those of section <c>Etl:Quality</c>.</param>
/// <param name="TimeZone">That of section <c>Etl:Schedule</c>; null if it is not set.</param>
public sealed record FormatFallback(IEnumerable<string> NullTokens, string? TimeZone)
{
    /// <summary>No setting.</summary>
    public static FormatFallback None { get; } = new([], null);
}
