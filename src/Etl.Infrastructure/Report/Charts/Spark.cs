using System.Globalization;

namespace Etl.Infrastructure.Report.Charts;

/// <summary>A small line of a figure's past, in a box of 100 by <see cref="Height"/>, the last value marked.</summary>
/// <param name="Points">The line, as <c>points</c> of SVG.</param>
/// <param name="LastY">Where it ends, pixels.</param>
internal sealed record Spark(string Points, double LastY)
{
    public const double Height = 28;
    private const double Edge = 4;

    /// <summary>Null where there is no past to show.</summary>
    public static Spark? Of(IReadOnlyList<decimal> values)
    {
        if (values.Count < 2)
        {
            return null;
        }

        var (least, most) = (values.Min(), values.Max());
        var y = values
            .Select(v =>
                most == least ? Height / 2 : Edge + ((Height - (2 * Edge)) * (double)((most - v) / (most - least)))
            )
            .Select(v => Math.Round(v, 2))
            .ToList();
        var points = y.Select(
            (v, i) => string.Create(CultureInfo.InvariantCulture, $"{Math.Round(100.0 * i / (y.Count - 1), 2)},{v}")
        );
        return new Spark(string.Join(' ', points), y[^1]);
    }
}
