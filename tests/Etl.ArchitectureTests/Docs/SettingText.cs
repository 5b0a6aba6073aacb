using System.Collections;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Etl.ArchitectureTests.Docs;

/// <summary>A setting's meaning and its default, as two texts.</summary>
/// <param name="Meaning">The docs without the sentence on the default.</param>
/// <param name="Default">As a cell of a table.</param>
/// <param name="Error">What is wrong with the docs; null if nothing is.</param>
internal sealed partial record SettingText(string Meaning, string Default, string? Error = null)
{
    /// <param name="docs">The property's summary.</param>
    /// <param name="value">What a fresh instance has.</param>
    public static SettingText Of(string docs, object? value)
    {
        if (docs.Length == 0)
        {
            return new("", "", "has no summary");
        }

        var meaning = new List<string>();
        string? stated = null;
        foreach (var sentence in Sentences().Split(docs))
        {
            var match = DefaultSentence().Match(sentence);
            if (match.Success)
            {
                stated = match.Groups["what"].Value;
                meaning.Add(match.Groups["before"] is { Length: > 0 } before ? $"{before.Value}." : "");
            }
            else if (sentence == "Required.")
            {
                stated = "required";
            }
            else
            {
                meaning.Add(sentence);
            }
        }

        var rest = string.Join(' ', meaning.Where(m => m.Length > 0));
        return IsNothing(value) ? OfNothing(rest, stated) : OfValue(rest, stated, Texts(value!));
    }

    private static SettingText OfNothing(string meaning, string? stated) =>
        stated is null
            ? new(meaning, "", "has no value of its own; end its summary with 'Required.' or 'Default ….'")
            : new(meaning, stated);

    /// <summary>The value itself is the default; where the docs name it as well they must be right.</summary>
    private static SettingText OfValue(string meaning, string? stated, string[] texts)
    {
        var cell = $"`{texts[0]}`";
        if (stated is null)
        {
            return new(meaning, cell);
        }

        var plain = stated.Replace("`", "", StringComparison.Ordinal);
        var right = texts.FirstOrDefault(t =>
            plain == t
            || AfterValue().IsMatch(plain[Math.Min(t.Length, plain.Length)..])
                && plain.StartsWith(t, StringComparison.Ordinal)
        );
        if (right is null)
        {
            return new(meaning, cell, $"has the default {texts[0]}, and its summary states '{stated}'");
        }

        var more = stated[stated.IndexOf(right, StringComparison.Ordinal)..][right.Length..].TrimStart('`');
        return more.StartsWith(';')
            ? new($"{meaning} {char.ToUpperInvariant(more[2])}{more[3..]}.", cell)
            : new(meaning, cell + more);
    }

    private static bool IsNothing(object? value) =>
        value is null or "" || (value is IEnumerable items and not string && !items.Cast<object>().Any());

    /// <summary>How a value may be written; first as it is typed.</summary>
    private static string[] Texts(object value) =>
        value switch
        {
            bool on => [on ? "true" : "false"],
            int or long =>
            [
                string.Create(CultureInfo.InvariantCulture, $"{value}"),
                string.Create(CultureInfo.InvariantCulture, $"{value:N0}"),
            ],
            IEnumerable items and not string => [string.Join(", ", items.Cast<object>())],
            _ => [string.Create(CultureInfo.InvariantCulture, $"{value}")],
        };

    [GeneratedRegex(@"(?<=\.)\s+(?=[A-Z`])")]
    private static partial Regex Sentences();

    [GeneratedRegex(@"^(?:(?<before>.+), d|D)efault:? (?<what>.+)\.$")]
    private static partial Regex DefaultSentence();

    [GeneratedRegex(@"^(;| \()")]
    private static partial Regex AfterValue();
}
