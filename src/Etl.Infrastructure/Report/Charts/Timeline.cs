using Etl.Application.Runs;

namespace Etl.Infrastructure.Report.Charts;

/// <summary>When a step ran, as a part of the time from the first step's start to the last step's end.</summary>
/// <param name="Step">The step.</param>
/// <param name="X">The step's start, percent of the line.</param>
/// <param name="Width">The step's duration, percent of the line; at least 0.6, so that it stays visible.</param>
internal sealed record Timeline(StepRecord Step, double X, double Width)
{
    private const double MinWidth = 0.6;

    /// <param name="steps">In any order; a running step extends to the end of the line.</param>
    /// <param name="now">The end of the line if a step is still running.</param>
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
                var x = Math.Min(Percent(s.StartedAt), 100 - MinWidth);
                var width = Math.Max(Percent(s.FinishedAt ?? now) - x, MinWidth);
                return new Timeline(s, Math.Round(x, 3), Math.Round(width, 3));
            }),
        ];

        double Percent(DateTimeOffset time) => Math.Clamp(100.0 * (time - first).Ticks / whole, 0, 100);
    }
}
