using System.Globalization;
using System.Text.RegularExpressions;

namespace Etl.Domain.Runs;

/// <summary>
/// Placeholders for the business date in names and locations: <c>{date}</c> is yyyy-MM-dd, and <c>{date:yyyyMMdd}</c> or
/// <c>{date:yyyy/MM}</c> is the date in that format.
/// </summary>
public static partial class DatePlaceholders
{
    private static readonly TimeSpan MatchTime = TimeSpan.FromSeconds(1);
    private static readonly HashSet<string> Parts = ["yyyy", "yy", "MMMM", "MMM", "MM", "M", "dd", "d"];

    /// <summary>Whether a text has a placeholder.</summary>
    public static bool IsIn(string? text) => text is not null && Placeholder().IsMatch(text);

    /// <summary>The text with the date in place of its placeholders.</summary>
    public static string Fill(string text, BusinessDate date) =>
        Placeholder().Replace(text, found => Format(date, found.Groups["format"].Value));

    /// <summary>Whether a text whose placeholders are filled differs from day to day: one for each month does not.</summary>
    /// <param name="fill">The text of a date.</param>
    public static bool IsDaily(Func<BusinessDate, string> fill)
    {
        DateOnly[] days = [new(2000, 1, 1), new(2000, 1, 2), new(2000, 2, 1), new(2001, 1, 1)];
        return days.Select(d => fill(new BusinessDate(d))).Distinct().Count() == days.Length;
    }

    /// <summary>The date with which a text becomes another text; null if none does.</summary>
    /// <param name="text">The text with its placeholders.</param>
    /// <param name="filled">The other text.</param>
    /// <param name="expected">The date if the other text does not determine one, as in a folder for each month.</param>
    public static BusinessDate? Find(string text, string filled, BusinessDate expected)
    {
        if (Fill(text, expected) == filled)
        {
            return expected;
        }

        var placeholders = Placeholder().Matches(text).ToList();
        // A control character is in no location, and escaping keeps it.
        var pattern = Regex
            .Escape(Placeholder().Replace(text, "\u0001"))
            .Replace("\u0001", "(.+?)", StringComparison.Ordinal);
        var match = Regex.Match(
            filled,
            $@"\A{pattern}\z",
            RegexOptions.CultureInvariant | RegexOptions.Singleline,
            MatchTime
        );
        var format = string.Join('|', placeholders.Select(FormatOf));
        var values = string.Join('|', match.Groups.Values.Skip(1).Select(g => g.Value));
        return
            match.Success
            && "yMd".All(format.Contains)
            && DateOnly.TryParseExact(values, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            && Fill(text, new BusinessDate(day)) == filled
            ? new BusinessDate(day)
            : null;
    }

    private static string FormatOf(Match placeholder) =>
        placeholder.Groups["format"] is { Success: true } format ? format.Value : "yyyy-MM-dd";

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
