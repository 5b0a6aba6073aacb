using System.Globalization;
using System.Text.RegularExpressions;

namespace Etl.Infrastructure.Stage.Suggest;

/// <summary>Finds the separators of amounts: a form of writing in which every value is an amount.</summary>
internal static class AmountFinder
{
    private static readonly IReadOnlyList<AmountForm> Forms =
    [
        new('.', null),
        new('.', ','),
        new(',', null),
        new(',', '.'),
        new(',', ' '),
        new('.', '\''),
        new('.', ' '),
    ];

    /// <summary>The share of values that are amounts in some form.</summary>
    public static double ShareOf(IReadOnlyList<string> values) =>
        values.Count == 0 ? 0 : (double)Forms.Max(f => values.Count(v => f.Read(v) is not null)) / values.Count;

    /// <summary>The forms in which most values are amounts; several if they give other amounts.</summary>
    public static IReadOnlyList<AmountForm> Choose(IReadOnlyList<string> values)
    {
        var readings = Forms.Select(f => (Form: f, Amounts: values.Select(f.Read).ToList())).ToList();
        var most = readings.Max(r => r.Amounts.Count(a => a is not null));
        var best = readings.Where(r => r.Amounts.Count(a => a is not null) == most).ToList();
        return [.. best.Where((r, i) => i == 0 || !r.Amounts.SequenceEqual(best[0].Amounts)).Select(r => r.Form)];
    }
}

/// <summary>A form of writing amounts.</summary>
/// <param name="Decimal">The character before decimals.</param>
/// <param name="Thousands">The character between groups of three digits; null if they are not grouped.</param>
internal sealed record AmountForm(char Decimal, char? Thousands)
{
    private readonly Regex pattern = new(
        Thousands is { } group
            ? $"^[+-]?(\\d{{1,3}}({Regex.Escape($"{group}")}\\d{{3}})+|\\d*)({Regex.Escape($"{Decimal}")}\\d*)?$"
            : $"^[+-]?\\d*({Regex.Escape($"{Decimal}")}\\d*)?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    );

    /// <summary>Whether this is the form that needs no setting.</summary>
    public bool IsStandard => Decimal == '.' && Thousands is null;

    /// <summary>The amount; null if the value is none with at most two decimals.</summary>
    public decimal? Read(string value)
    {
        if (!pattern.IsMatch(value) || !value.Any(char.IsAsciiDigit))
        {
            return null;
        }

        var plain = string.Concat(value.Where(c => c != Thousands)).Replace(Decimal, '.');
        return
            decimal.TryParse(plain, NumberStyles.Number, CultureInfo.InvariantCulture, out var amount)
            && decimal.Round(amount, 2) == amount
            ? amount
            : null;
    }
}
