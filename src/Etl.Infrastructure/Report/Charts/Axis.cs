namespace Etl.Infrastructure.Report.Charts;

/// <summary>A scale from 0 to a round number at or above the largest value, with ticks at round numbers.</summary>
/// <param name="Top">The scale's upper end; above 0.</param>
/// <param name="Ticks">The values to mark, including 0 and the top.</param>
internal sealed record Axis(decimal Top, IReadOnlyList<decimal> Ticks)
{
    private static readonly decimal[] Multiples = [1, 2, 5, 10];

    /// <param name="largest">The largest value to show; 0 or less gives a scale from 0 to 1.</param>
    /// <param name="maxSteps">Maximum number of steps between 0 and the top.</param>
    public static Axis Of(decimal largest, int maxSteps = 4)
    {
        var unit = 1m;
        while (unit * 10 * maxSteps < largest)
        {
            unit *= 10;
        }

        var step = Array.Find(Multiples, m => m * unit * maxSteps >= largest) * unit;
        var count = Math.Max(1, (int)decimal.Ceiling(largest / step));
        return new Axis(step * count, [.. Enumerable.Range(0, count + 1).Select(i => step * i)]);
    }

    /// <summary>A value's position on the scale, 0 to 1; values outside are clamped.</summary>
    public double Part(decimal value) => (double)(Math.Clamp(value, 0, Top) / Top);
}
