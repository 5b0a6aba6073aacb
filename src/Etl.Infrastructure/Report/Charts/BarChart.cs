namespace Etl.Infrastructure.Report.Charts;

/// <summary>
/// Bars along time or categories. Across, positions are shares of the width, so that one drawing fits a phone and a desk;
/// up and down they are pixels, so that letters keep their size.
/// </summary>
/// <param name="Id">Names the chart in the page.</param>
/// <param name="Title">What it shows.</param>
/// <param name="Summary">What a reader who cannot see it is told.</param>
/// <param name="Unit">What the values count, as a column's head.</param>
/// <param name="KeyName">What the bars stand for, as a column's head.</param>
/// <param name="Bars">Its bars.</param>
/// <param name="Ticks">Its scale's marks.</param>
/// <param name="Labels">The words below the bars.</param>
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
    /// <summary>Room above the highest bar, for marks.</summary>
    public const double Head = 18;

    /// <summary>Height of the scale, from 0 to its top.</summary>
    public const double Plot = 180;

    /// <summary>Room below the bars, for words.</summary>
    public const double Foot = 24;

    public const double Floor = Head + Plot;
    public const double Height = Floor + Foot;

    /// <summary>Share of its place that a bar fills.</summary>
    private const double Fill = 0.78;

    /// <summary>What marked bars are called; null where none can be.</summary>
    public string? MarkName { get; init; }

    public static (IReadOnlyList<Bar> Bars, IReadOnlyList<Tick> Ticks) Draw(
        IReadOnlyList<BarValue> values,
        Func<decimal, string> words
    )
    {
        var axis = Axis.Of(values.Count == 0 ? 0 : values.Max(v => v.Value));
        var place = 100.0 / Math.Max(1, values.Count);
        return (
            [
                .. values.Select(
                    (v, i) =>
                    {
                        var height = Round(axis.Part(v.Value) * Plot);
                        var x = Round((i + ((1 - Fill) / 2)) * place);
                        return new Bar(v, x, Round(place * Fill), Round((i + 0.5) * place), Floor - height, height);
                    }
                ),
            ],
            [.. axis.Ticks.Select(t => new Tick(Floor - Round(axis.Part(t) * Plot), words(t)))]
        );
    }

    private static double Round(double number) => Math.Round(number, 3);
}

/// <param name="Key">Names the bar, in its table too.</param>
/// <param name="Value">What its height shows.</param>
/// <param name="Shown">The value in words.</param>
/// <param name="Marked">Whether it is set apart.</param>
internal sealed record BarValue(string Key, decimal Value, string Shown, bool Marked = false);

/// <param name="Of">What it shows.</param>
/// <param name="X">Left edge, percent of the width.</param>
/// <param name="Width">Percent of the width.</param>
/// <param name="Middle">Percent of the width.</param>
/// <param name="Y">Upper edge, pixels.</param>
/// <param name="Height">Pixels.</param>
internal sealed record Bar(BarValue Of, double X, double Width, double Middle, double Y, double Height);

/// <param name="Y">Pixels.</param>
/// <param name="Label">The value in words.</param>
internal sealed record Tick(double Y, string Label);

/// <param name="X">Percent of the width.</param>
/// <param name="Text">The words.</param>
/// <param name="IsMinor">Whether a narrow screen has no room for it.</param>
internal sealed record AxisLabel(double X, string Text, bool IsMinor = false);
