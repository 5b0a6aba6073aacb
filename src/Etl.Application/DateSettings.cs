using System.Collections.Concurrent;
using Etl.Application.Options;
using Etl.Domain.Datasets;

namespace Etl.Application;

/// <summary>The settings of dates: formats that agree on every text, and a time zone where a format has an offset.</summary>
internal sealed class DateSettings
{
    /// <summary>The settings are resolved several times at startup, and each comparison of two formats takes milliseconds.</summary>
    private static readonly ConcurrentDictionary<(string, string), string?> Compared = new();

    private readonly List<(string Setting, string Error)> errors = [];

    /// <param name="own">The settings of the file's own section.</param>
    /// <param name="common">The settings of the section for all files.</param>
    /// <param name="scheduleZone">The time zone of the schedule; null if it is not set.</param>
    /// <param name="path">The path of a setting in the file's own section, or in the one for all files.</param>
    public DateSettings(
        FileFormatOptions own,
        FileFormatOptions common,
        string? scheduleZone,
        Func<string, bool, string> path
    )
    {
        var formats = path(nameof(own.DateFormats), own.DateFormats is not null || common.DateFormats is null);
        var compiled = Compile(formats, own.DateFormats ?? common.DateFormats ?? []);
        var zone = ZoneOf(own.TimeZone ?? common.TimeZone, path(nameof(own.TimeZone), own.TimeZone is not null));
        if (zone is null && string.IsNullOrEmpty(scheduleZone) && compiled.Find(f => f.HasOffset) is { } offset)
        {
            errors.Add(
                (
                    formats,
                    $"contains '{offset.Text}', whose offset requires a time zone; set {path(nameof(own.TimeZone), true)}"
                        + " or Etl:Schedule:TimeZone."
                )
            );
        }

        Zone = zone ?? ZoneOrNull(scheduleZone) ?? FileFormat.Standard.TimeZone;
        Formats = compiled.Count == 0 ? FileFormat.Standard.DateFormats : [.. compiled.Select(f => f.Text)];
    }

    /// <summary>The valid formats.</summary>
    public IReadOnlyList<string> Formats { get; }

    /// <summary>ID of the time zone in which a timestamp with an offset becomes a day.</summary>
    public string Zone { get; }

    /// <summary>What is invalid: setting and error.</summary>
    public IReadOnlyList<(string Setting, string Error)> Errors => errors;

    private List<DateFormat> Compile(string setting, IEnumerable<string> texts)
    {
        var compiled = new List<DateFormat>();
        foreach (var text in texts)
        {
            try
            {
                var format = DateFormat.Parse(text);
                if (Compared.GetOrAdd((text, text), _ => format.FindUnreadable()) is { } unreadable)
                {
                    throw new FormatException($"it does not read its own text {unreadable}");
                }

                var ambiguous = compiled
                    .Select(f => (f.Text, Example: Compare(f, format)))
                    .FirstOrDefault(a => a.Example is not null);
                if (ambiguous.Example is not null)
                {
                    errors.Add(
                        (
                            setting,
                            $"contains '{ambiguous.Text}' and '{text}', which read {ambiguous.Example} as different days;"
                                + " keep the one that the file has."
                        )
                    );
                }
                else
                {
                    compiled.Add(format);
                }
            }
            catch (FormatException exception)
            {
                errors.Add(
                    (
                        setting,
                        $"contains {SafeText.Value(text)}, which is not a date format: {exception.Message}.{Hint(text)}"
                    )
                );
            }
        }

        return compiled;
    }

    private static string? Compare(DateFormat one, DateFormat other) =>
        Compared.GetOrAdd((one.Text, other.Text), _ => DateFormat.FindAmbiguity(one, other));

    /// <summary>Letters as other programs write them.</summary>
    private static string Hint(string text)
    {
        var likely = text.Replace('Y', 'y').Replace('D', 'd').Replace("dd-mm", "dd-MM", StringComparison.Ordinal);
        likely = likely.Replace("yyyy-mm", "yyyy-MM", StringComparison.Ordinal);
        try
        {
            return likely == text ? "" : $" '{DateFormat.Parse(likely).Text}'?";
        }
        catch (FormatException)
        {
            return "";
        }
    }

    private string? ZoneOf(string? name, string setting)
    {
        if (string.IsNullOrEmpty(name) || ZoneOrNull(name) is not null)
        {
            return string.IsNullOrEmpty(name) ? null : name;
        }

        errors.Add(
            (
                setting,
                $"is {SafeText.Value(name)}, which is not a time zone of this machine; give an IANA name, such as Europe/Berlin."
            )
        );
        return null;
    }

    private static string? ZoneOrNull(string? name) =>
        !string.IsNullOrEmpty(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out _) ? name : null;
}
