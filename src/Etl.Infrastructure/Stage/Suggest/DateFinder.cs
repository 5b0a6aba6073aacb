using System.Globalization;
using Etl.Infrastructure.Stage.Csv;

namespace Etl.Infrastructure.Stage.Suggest;

/// <summary>Finds the formats of dates.</summary>
internal static class DateFinder
{
    /// <summary>Values that are tried; further ones show nothing new.</summary>
    private const int MaxValues = 300;

    private const int MaxFormats = 4;

    /// <summary>The days that a format reads from values; null where it reads none.</summary>
    public static DateOnly? Read(string value, string format) =>
        DateTimeOffset.TryParseExact(
            value,
            format,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var time
        )
            ? DateOnly.FromDateTime(time.DateTime)
            : null;

    /// <summary>The share of values that some format reads.</summary>
    public static double ShareOf(IEnumerable<string> values)
    {
        var some = Distinct(values);
        var choice = Choose(some);
        return some.Count == 0 ? 0 : 1 - ((double)choice.Unread.Count / some.Count);
    }

    /// <summary>The formats that read values, the one that reads most first.</summary>
    public static DateChoice Choose(IEnumerable<string> values)
    {
        var unread = Distinct(values);
        var formats = new List<string>();
        var others = new List<string>();
        while (unread.Count > 0 && formats.Count < MaxFormats)
        {
            var readings = KnownDateFormats
                .All.Select(f => (Format: f, Days: unread.Select(v => Read(v, f)).ToList()))
                .Select(r => (r.Format, r.Days, Count: r.Days.Count(d => d is not null)))
                .ToList();
            var best = readings.MaxBy(r => r.Count);
            if (best.Count == 0)
            {
                break;
            }

            // Another format that reads as much, and other days, makes the choice a question.
            others.AddRange(
                readings
                    .Where(r => r.Count == best.Count && !r.Days.SequenceEqual(best.Days))
                    .DistinctBy(r => string.Join(' ', r.Days))
                    .Select(r => r.Format)
            );
            formats.Add(best.Format);
            unread = [.. unread.Where((_, i) => best.Days[i] is null)];
        }

        return new DateChoice(formats, others, unread);
    }

    /// <summary>Words come first: a few of them decide as much as all dates.</summary>
    private static List<string> Distinct(IEnumerable<string> values) =>
        [.. values.Distinct().OrderBy(v => v.Any(char.IsAsciiDigit)).Take(MaxValues)];
}

/// <summary>Formats of dates.</summary>
/// <param name="Formats">The formats that together read most values.</param>
/// <param name="Others">Formats that read as many of the values as other days.</param>
/// <param name="Unread">The values that none reads.</param>
internal sealed record DateChoice(
    IReadOnlyList<string> Formats,
    IReadOnlyList<string> Others,
    IReadOnlyList<string> Unread
);
