namespace Etl.Infrastructure.Report.Charts;

/// <summary>A scale from 0 to a round number at or above the largest value, with ticks at round numbers.</summary>
/// <param name="Top">The value at the scale's end; above 0.</param>
/// <param name="Ticks">The values to mark, 0 and the top among them.</param>
internal sealed record Axis(decimal Top, IReadOnlyList<decimal> Ticks)
{
    private static readonly decimal[] Steps = [1, 2, 5, 10];

    /// <param name="largest">The largest value to show; 0 or below gives a scale to 1.</param>
    /// <param name="most">The most steps between 0 and the top.</param>
    public static Axis Of(decimal largest, int most = 4)
    {
        var unit = 1m;
        while (unit * 10 * most < largest)
        {
            unit *= 10;
        }

        var step = Array.Find(Steps, s => s * unit * most >= largest) * unit;
        var count = Math.Max(1, (int)decimal.Ceiling(largest / step));
        return new Axis(step * count, [.. Enumerable.Range(0, count + 1).Select(i => step * i)]);
    }

    /// <summary>Where a value lies between 0 and 1; values outside are held at the ends.</summary>
    public double Part(decimal value) => (double)(Math.Clamp(value, 0, Top) / Top);
}
