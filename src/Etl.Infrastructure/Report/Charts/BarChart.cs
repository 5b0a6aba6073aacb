namespace Etl.Infrastructure.Report.Charts;

/// <summary>
/// Bars along time or categories. Horizontal positions are percentages of the width, so that one drawing fits a phone and
/// a wide screen; vertical positions are pixels, so that text keeps its size.
/// </summary>
/// <param name="Id">The chart's element id.</param>
/// <param name="Title">The chart's heading.</param>
/// <param name="Summary">Text alternative for screen readers.</param>
/// <param name="Unit">What the values count; header of the value column.</param>
/// <param name="KeyName">What a bar stands for; header of the key column.</param>
/// <param name="Bars">The bars from left to right.</param>
/// <param name="Ticks">The marks of the scale.</param>
/// <param name="Labels">The texts below the bars.</param>
internal sealed record BarChart(
    string Id,
    string Title,
    string Summary,
    string Unit,
    string KeyName,
    IReadOnlyList<Bar> Bars,
    IReadOnlyList<Tick> Ticks,
    IReadOnlyList<AxisLabel> Labels
)
{
    /// <summary>Pixels above the highest bar, for marks.</summary>
    public const double Head = 18;

    /// <summary>Height of the scale in pixels.</summary>
    public const double Plot = 180;

    /// <summary>Pixels below the bars, for labels.</summary>
    public const double Foot = 24;

    public const double Floor = Head + Plot;
    public const double Height = Floor + Foot;

    /// <summary>Share of its slot that a bar fills, 0 to 1.</summary>
    private const double Fill = 0.78;

    /// <summary>What a marked bar means; null if the chart has no marks.</summary>
    public string? MarkName { get; init; }

    public static (IReadOnlyList<Bar> Bars, IReadOnlyList<Tick> Ticks) Draw(
        IReadOnlyList<BarValue> values,
        Func<decimal, string> format
    )
    {
        var axis = Axis.Of(values.Count == 0 ? 0 : values.Max(v => v.Value));
        var slot = 100.0 / Math.Max(1, values.Count);
        return (
            [
                .. values.Select(
                    (v, i) =>
                    {
                        var height = Round(axis.Part(v.Value) * Plot);
                        var x = Round((i + ((1 - Fill) / 2)) * slot);
                        return new Bar(v, x, Round(slot * Fill), Round((i + 0.5) * slot), Floor - height, height);
                    }
                ),
            ],
            [.. axis.Ticks.Select(t => new Tick(Floor - Round(axis.Part(t) * Plot), format(t)))]
        );
    }

    private static double Round(double number) => Math.Round(number, 3);
}

/// <param name="Key">The bar's key in the chart and in its table.</param>
/// <param name="Value">The value that the bar's height shows.</param>
/// <param name="Shown">The formatted value.</param>
/// <param name="Marked">Whether the bar is drawn with a mark, see <see cref="BarChart.MarkName"/>.</param>
internal sealed record BarValue(string Key, decimal Value, string Shown, bool Marked = false);

/// <param name="Of">The key and value.</param>
/// <param name="X">Left edge, percent of the width.</param>
/// <param name="Width">Percent of the width.</param>
/// <param name="Middle">Percent of the width.</param>
/// <param name="Y">Upper edge, pixels.</param>
/// <param name="Height">Pixels.</param>
internal sealed record Bar(BarValue Of, double X, double Width, double Middle, double Y, double Height);

/// <param name="Y">Pixels.</param>
/// <param name="Label">The formatted value.</param>
internal sealed record Tick(double Y, string Label);

/// <param name="X">Percent of the width.</param>
/// <param name="Text">The label.</param>
/// <param name="IsMinor">Whether the label is hidden on a narrow screen.</param>
internal sealed record AxisLabel(double X, string Text, bool IsMinor = false);
