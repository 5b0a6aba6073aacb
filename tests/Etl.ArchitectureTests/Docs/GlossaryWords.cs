using System.Text.RegularExpressions;

namespace Etl.ArchitectureTests.Docs;

/// <summary>Words that code and pages avoid because a reader cannot look them up, each with what to write instead.</summary>
internal static class GlossaryWords
{
    private static readonly (string Name, string Instead, Regex Pattern)[] Words =
    [
        ("mend", "correct, fix, next step", Word("m", "end(?:s|ed|ing)?")),
        ("told", "notified, reported", Word("u", "ntold", Word("t", "old"))),
        ("tell", "notify, report, distinguish", Word("t", "ell(?:s|ing)?")),
        ("patience", "timeout", Word("p", "atience")),
        ("trouble", "error, cause", Word("t", "roubl(?:e|es|ed|ing|esome)")),
        ("verdict", "result, classification", Word("v", "erdicts?")),
        ("spoilt", "rejected", Word("s", "poil(?:t|s|ed|ing)?")),
        ("books", "row counts, reconciliation", Word("b", "ooks")),
        ("balance", "reconcile, agree", Word("b", "alanc(?:e|es|ed|ing)")),
        ("last words", "final message", Word("l", "ast[ _]?[Ww]ords")),
        (
            "well (as a result)",
            "succeeded, ok",
            new(@"(?<!\bas )\b[Ww]ell(?=[""'.,;:!?)<]|$)|\b(?:is|are|was|all|ends?|ended|goes|went) well\b(?!-| known)")
        ),
        ("no verb of", "unknown command", new("no verb of")),
        ("is not root's", "runs as non-root", new("(?:is|are) not root's")),
        ("a line for each", "one line per", new("(?:[Aa]|[Oo]ne) line for each")),
    ];

    public static string Hint { get; } = "write: " + string.Join("; ", Words.Select(w => $"{w.Name} -> {w.Instead}"));

    /// <summary>The names of the words that a line holds, in prose or within an identifier.</summary>
    public static IEnumerable<string> In(string text) => Words.Where(w => w.Pattern.IsMatch(text)).Select(w => w.Name);

    /// <summary>A word by itself or as a part of a PascalCase or snake_case name.</summary>
    private static Regex Word(string first, string rest, Regex? or = null)
    {
        var upper = first.ToUpperInvariant();
        var pattern = $"(?:(?<![A-Za-z])[{first}{upper}]|(?<=[a-z0-9]){upper}){rest}(?![a-z])";
        return new(or is null ? pattern : $"{pattern}|{or}");
    }
}
