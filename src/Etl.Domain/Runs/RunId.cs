using System.Globalization;
using System.Text.RegularExpressions;

namespace Etl.Domain.Runs;

/// <summary>
/// The name of a run: its business date and its number on that date, as in <c>20220905-001</c>. It is given by the
/// ledger and kept by whoever takes a dead run over, so that a run that was killed and finished leaves the same keys
/// and the same bytes as one that was not.
/// </summary>
/// <param name="BusinessDate">The run's day.</param>
/// <param name="Number">1 for the first run of that day. In text it has at least three digits.</param>
public readonly partial record struct RunId(BusinessDate BusinessDate, int Number)
{
    /// <summary>Schema that holds the run's own tables until they are published, and their partitions after.</summary>
    public string Schema =>
        string.Create(CultureInfo.InvariantCulture, $"run_{BusinessDate.Value:yyyyMMdd}_{Number:000}");

    /// <summary>Reads <c>yyyyMMdd-NNN</c>.</summary>
    public static bool TryParse(string? text, out RunId id)
    {
        id = default;
        if (text is null || !Form().IsMatch(text))
        {
            return false;
        }

        if (!DateOnly.TryParseExact(text[..8], "yyyyMMdd", CultureInfo.InvariantCulture, default, out var day))
        {
            return false;
        }

        id = new RunId(new BusinessDate(day), int.Parse(text[9..], CultureInfo.InvariantCulture));
        return id.Number > 0;
    }

    /// <summary>Reads <c>yyyyMMdd-NNN</c>.</summary>
    /// <exception cref="FormatException">The text is no run's name.</exception>
    public static RunId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is not a run id like 20220905-001.");

    /// <summary><c>yyyyMMdd-NNN</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{BusinessDate.Value:yyyyMMdd}-{Number:000}");

    // Longer numbers have no leading zero, so that a run has one name; nine digits fit an int.
    [GeneratedRegex(
        "^[0-9]{8}-([0-9]{3}|[1-9][0-9]{3,8})$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Form();
}
