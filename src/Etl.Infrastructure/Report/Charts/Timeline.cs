using Etl.Application.Runs;

namespace Etl.Infrastructure.Report.Charts;

/// <summary>When a step was at work, on the line from the first step's begin to the last one's end.</summary>
/// <param name="Step">The step.</param>
/// <param name="X">Its begin, percent of the line.</param>
/// <param name="Width">Percent of the line; never too small to see.</param>
internal sealed record Timeline(StepRecord Step, double X, double Width)
{
    private const double Least = 0.6;

    /// <param name="steps">In any order; one that has not ended reaches to the end.</param>
    /// <param name="now">The end of the line where a step has not ended.</param>
    public static IReadOnlyList<Timeline> Of(IReadOnlyList<StepRecord> steps, DateTimeOffset now)
    {
        if (steps.Count == 0)
        {
            return [];
        }

        var first = steps.Min(s => s.StartedAt);
        var whole = Math.Max(1, (steps.Max(s => s.FinishedAt ?? now) - first).Ticks);
        return
        [
            .. steps.Select(s =>
            {
                var x = Math.Min(Percent(s.StartedAt), 100 - Least);
                var width = Math.Clamp(Percent(s.FinishedAt ?? now) - x, Least, 100 - x);
                return new Timeline(s, Math.Round(x, 3), Math.Round(width, 3));
            }),
        ];

        double Percent(DateTimeOffset moment) => Math.Clamp(100.0 * (moment - first).Ticks / whole, 0, 100);
    }
}
