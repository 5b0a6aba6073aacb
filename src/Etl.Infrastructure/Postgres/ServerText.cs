using System.Text.RegularExpressions;
using Npgsql;

namespace Etl.Infrastructure.Postgres;

/// <summary>
/// The words of a server's error in one line: message, detail, SQLSTATE and objects, without values of rows or of the
/// connection string. A quoted text stays only if it is a name; in errors that can quote a value, only if it also follows the
/// kind of an object, or if the server gives it as an object's name. The rules hold for messages of any language.
/// </summary>
internal static partial class ServerText
{
    private const string Removed = "…";
    private const int MaxLength = 400;
    private static readonly char[] QuoteMarks = [.. "\"„“”«»‹›「」『』"];

    /// <summary>As in <c>PostgreSQL reported 'permission denied for schema staging' (SQLSTATE 42501)</c>.</summary>
    public static string Of(PostgresException refused)
    {
        var detail = WithoutRow(refused.SqlState, refused.Detail ?? "");
        string[] words = [Clean(refused, refused.MessageText), Clean(refused, detail)];
        return $"PostgreSQL reported '{string.Join(". ", words.Where(w => w.Length > 0))}' ({Objects(refused)})";
    }

    private static string Clean(PostgresException refused, string text)
    {
        var line = Spaces().Replace(text, " ").Trim().TrimEnd('.');
        var clean =
            IsAboutData(refused.SqlState) || IsAboutLogin(refused.SqlState)
                ? WithoutValues(refused, line)
                : Quoted()
                    .Replace(line, q => ConnectionText.IsName(q.Groups["text"].Value) ? q.Value : $"\"{Removed}\"");
        return clean.Length <= MaxLength ? clean : $"{clean[..MaxLength]}{Removed}";
    }

    private static bool IsAboutData(string state) =>
        state.StartsWith("22", StringComparison.Ordinal)
        || state.StartsWith("23", StringComparison.Ordinal)
        || state == PostgresErrorCodes.WithCheckOptionViolation;

    /// <summary>Errors that quote parts of the connection string; database and user are shown beside the message.</summary>
    private static bool IsAboutLogin(string state) =>
        state[..2] is "08" or "0P" or "28" or "3D" || state == PostgresErrorCodes.UndefinedObject;

    /// <summary>
    /// The detail without the values of <c>Key (id)=(5) already exists</c> or <c>Failing row contains (5, x)</c>. A value can
    /// contain parentheses, so everything up to the last one is removed.
    /// </summary>
    private static string WithoutRow(string state, string detail) =>
        !IsAboutData(state)
        || state
            is PostgresErrorCodes.UniqueViolation
                or PostgresErrorCodes.ForeignKeyViolation
                or PostgresErrorCodes.ExclusionViolation
            ? KeyValues().Replace(detail, ")")
            : Parentheses().Replace(detail, $"({Removed})");

    /// <summary>A value can contain quotes, so everything from its first to the last quote of the line is removed.</summary>
    private static string WithoutValues(PostgresException refused, string line)
    {
        var text = Bytes().Replace(line, Removed);
        var first = text.IndexOfAny(QuoteMarks);
        while (
            first >= 0
            && Quoted().Match(text, first) is var quoted
            && quoted.Index == first
            && IsObject(refused, text, quoted)
        )
        {
            first = text.IndexOfAny(QuoteMarks, quoted.Index + quoted.Length);
        }

        return first < 0 ? text : $"{text[..first]}\"{Removed}\"{text[(text.LastIndexOfAny(QuoteMarks) + 1)..]}";
    }

    private static bool IsObject(PostgresException refused, string text, Match quoted)
    {
        var name = quoted.Groups["text"].Value;
        if (IsAboutLogin(refused.SqlState))
        {
            return false;
        }

        string?[] named =
        [
            refused.SchemaName,
            refused.TableName,
            refused.ColumnName,
            refused.ConstraintName,
            refused.DataTypeName,
        ];
        return named.Contains(name) || (ObjectKind().IsMatch(text[..quoted.Index]) && ConnectionText.IsName(name));
    }

    private static string Objects(PostgresException refused)
    {
        var table = refused.SchemaName is { } schema ? $"{schema}.{refused.TableName}" : refused.TableName;
        (string Kind, string? Name)[] objects =
        [
            ("SQLSTATE", refused.SqlState),
            refused.TableName is null ? ("schema", refused.SchemaName) : ("table", table),
            ("column", refused.ColumnName),
            ("constraint", refused.ConstraintName),
        ];
        return string.Join(", ", objects.Where(o => o.Name is not null).Select(o => $"{o.Kind} {o.Name}"));
    }

    [GeneratedRegex(
        "\"(?<text>[^\"„“”«»‹›「」『』]*)\"|[„“”«»‹›「『](?<text>[^\"„“”«»‹›「」『』]*)[“”«»‹›」』]",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Quoted();

    [GeneratedRegex(
        @"\b(relation|table|column|constraint|schema|index|partition|view|type|domain|encoding|parameter|trigger) $",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex ObjectKind();

    [GeneratedRegex(@"\)\s*=\s*\(.*\)", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex KeyValues();

    [GeneratedRegex(@"\(.*\)", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Parentheses();

    [GeneratedRegex(
        @"0x[0-9a-fA-F]{2}( 0x[0-9a-fA-F]{2})*",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Bytes();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Spaces();
}
