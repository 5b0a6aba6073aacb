using System.Globalization;
using System.Text.RegularExpressions;

namespace Etl.Domain.Runs;

/// <summary>
/// The ID of a run: its business date and its number on that date, such as <c>20220905-001</c>. The ledger assigns it and a
/// host that takes the run over keeps it, so that an interrupted run writes the same keys and bytes as an uninterrupted one.
/// IDs of one date are ordered by their number, not as text.
/// </summary>
public readonly partial record struct RunId
{
    /// <summary>Not the number itself, so that <c>default</c> has number 1: no run has number 0.</summary>
    private readonly int earlierRuns;

    /// <summary>The ID of a run.</summary>
    /// <param name="businessDate">The run's day.</param>
    /// <param name="number">1 for the first run of that day.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1.</exception>
    public RunId(BusinessDate businessDate, int number)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        BusinessDate = businessDate;
        earlierRuns = number - 1;
    }

    /// <summary>The run's day.</summary>
    public BusinessDate BusinessDate { get; }

    /// <summary>1 for the first run of the day.</summary>
    public int Number => earlierRuns + 1;

    /// <summary>The schema of the run's own tables, which become partitions when the run is published.</summary>
    public string Schema =>
        string.Create(CultureInfo.InvariantCulture, $"run_{BusinessDate.Value:yyyyMMdd}_{Number:000}");

    /// <summary>The ID of the first run of a day.</summary>
    public static RunId First(BusinessDate businessDate) => new(businessDate, 1);

    /// <summary>Reads <c>yyyyMMdd-NNN</c>, the number with at least three digits.</summary>
    public static bool TryParse(string? text, out RunId id)
    {
        id = default;
        if (
            text is null
            || !Format().IsMatch(text)
            || !DateOnly.TryParseExact(text[..8], "yyyyMMdd", CultureInfo.InvariantCulture, default, out var day)
            || !int.TryParse(text[9..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number < 1
        )
        {
            return false;
        }

        id = new RunId(new BusinessDate(day), number);
        return id.ToString() == text;
    }

    /// <summary>Reads <c>yyyyMMdd-NNN</c>, the number with at least three digits.</summary>
    /// <exception cref="FormatException">The text is not a run ID.</exception>
    public static RunId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is not a run ID such as 20220905-001.");

    /// <summary><c>yyyyMMdd-NNN</c>, the number with at least three digits.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{BusinessDate.Value:yyyyMMdd}-{Number:000}");

    [GeneratedRegex("^[0-9]{8}-[0-9]{3,9}$", RegexOptions.CultureInvariant)]
    private static partial Regex Format();
}
