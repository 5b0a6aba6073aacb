using System.Globalization;
using System.Text.RegularExpressions;

namespace Etl.Domain.Runs;

/// <summary>
/// Placeholders for the business date in names and locations: <c>{date}</c> is yyyy-MM-dd, and <c>{date:yyyyMMdd}</c> or
/// <c>{date:yyyy/MM}</c> is the date in that format.
/// </summary>
public static partial class DatePlaceholders
{
    private static readonly HashSet<string> Parts = ["yyyy", "yy", "MMMM", "MMM", "MM", "M", "dd", "d"];

    /// <summary>Whether a text has a placeholder.</summary>
    public static bool IsIn(string? text) => text is not null && Placeholder().IsMatch(text);

    /// <summary>The text with the date in place of its placeholders.</summary>
    public static string Fill(string text, BusinessDate date) =>
        Placeholder().Replace(text, found => Format(date, found.Groups["format"].Value));

    /// <summary>The first text in braces that begins like a placeholder and is none; null if there is none.</summary>
    public static string? FindWrong(string text) =>
        Beginning()
            .Matches(text)
            .Select(m => m.Value)
            .FirstOrDefault(m =>
                Placeholder().Match(m) is not { Success: true } found || !IsFormat(found.Groups["format"].Value)
            );

    /// <summary>A name with a placeholder in place of the first date in it; null if there is none.</summary>
    public static string? Suggest(string name) =>
        Date().Match(name) is { Success: true } date
            ? $"{name[..date.Index]}{PlaceholderOf(date.Groups["separator"].Value)}{name[(date.Index + date.Length)..]}"
            : null;

    private static string PlaceholderOf(string separator) =>
        separator == "-" ? "{date}" : $"{{date:yyyy{separator}MM{separator}dd}}";

    // A format of one letter is another thing in .NET unless a percent sign precedes it.
    private static string Format(BusinessDate date, string format) =>
        format.Length == 0
            ? date.ToString()
            : date.Value.ToString(format.Length == 1 ? $"%{format}" : format, CultureInfo.InvariantCulture);

    private static bool IsFormat(string format) =>
        format.Length == 0
        || PartOrSeparator()
            .Matches(format)
            .All(p => p.Length == 1 && IsSeparator(p.Value[0]) || Parts.Contains(p.Value));

    private static bool IsSeparator(char letter) => letter is '-' or '_' or '.' or '/' or ' ';

    [GeneratedRegex(@"\{date(:(?<format>[^{}]+))?\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"\{date[^{}]*\}?", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Beginning();

    [GeneratedRegex(
        @"(?<!\d)(19|20|21)\d\d(?<separator>[-_.]?)(0[1-9]|1[0-2])\k<separator>(0[1-9]|[12]\d|3[01])(?!\d)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Date();

    [GeneratedRegex(
        @"(?<letter>[yMd])\k<letter>*|.",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Singleline
    )]
    private static partial Regex PartOrSeparator();
}
