namespace Etl.Infrastructure.Report.Charts;

/// <summary>A part of a bar that shows the shares of a whole.</summary>
/// <param name="Kind">Its place among the parts, from 1; it gives the colour.</param>
/// <param name="X">Left edge, percent.</param>
/// <param name="Width">Percent.</param>
internal sealed record Segment(int Kind, double X, double Width)
{
    /// <summary>The parts that are not empty, side by side; they fill the whole bar.</summary>
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
