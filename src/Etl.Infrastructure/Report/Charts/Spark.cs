using System.Globalization;

namespace Etl.Infrastructure.Report.Charts;

/// <summary>A sparkline in a box of 100 by <see cref="Height"/> pixels with a mark on the last value.</summary>
/// <param name="Points">The line as SVG <c>points</c>.</param>
/// <param name="LastY">Vertical position of the last value, in pixels.</param>
internal sealed record Spark(string Points, double LastY)
{
    public const double Height = 28;
    private const double Margin = 4;

    /// <returns>Null for fewer than two values.</returns>
    public static Spark? Of(IReadOnlyList<decimal> values)
    {
        if (values.Count < 2)
        {
            return null;
        }

        var (min, max) = (values.Min(), values.Max());
        var y = values
            .Select(v =>
                max == min ? Height / 2 : Margin + ((Height - (2 * Margin)) * (double)((max - v) / (max - min)))
            )
            .Select(v => Math.Round(v, 2))
            .ToList();
        var points = y.Select(
            (v, i) => string.Create(CultureInfo.InvariantCulture, $"{Math.Round(100.0 * i / (y.Count - 1), 2)},{v}")
        );
        return new Spark(string.Join(' ', points), y[^1]);
    }
}
