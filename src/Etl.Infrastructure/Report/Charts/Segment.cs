namespace Etl.Infrastructure.Report.Charts;

/// <summary>A segment of a bar that shows the parts of a whole.</summary>
/// <param name="Kind">The part's number, from 1; selects the color.</param>
/// <param name="X">Left edge, percent.</param>
/// <param name="Width">Percent.</param>
internal sealed record Segment(int Kind, double X, double Width)
{
    /// <summary>One segment for each part above 0; together they fill the bar.</summary>
    public static IReadOnlyList<Segment> Of(IReadOnlyList<decimal> parts)
    {
        var whole = parts.Sum();
        var segments = new List<Segment>();
        var before = 0m;
        for (var i = 0; whole > 0 && i < parts.Count; i++)
        {
            if (parts[i] > 0)
            {
                segments.Add(new Segment(i + 1, Percent(before), Percent(before + parts[i]) - Percent(before)));
            }

            before += parts[i];
        }

        return segments;

        double Percent(decimal part) => Math.Round((double)(100 * part / whole), 3);
    }
}
