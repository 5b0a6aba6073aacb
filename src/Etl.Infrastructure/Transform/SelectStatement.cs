using Etl.Application.Errors;

namespace Etl.Infrastructure.Transform;

/// <summary>
/// The statement of a file that must be one SELECT. Comments, strings and quoted names are skipped; everything else is the
/// server's to judge, which gets the text as one statement inside another.
/// </summary>
internal static class SelectStatement
{
    /// <summary>The text without the semicolon at its end. Lines keep their numbers.</summary>
    /// <param name="file">The file's path, for messages.</param>
    /// <param name="text">The file, with its header.</param>
    /// <exception cref="EtlException">It is no single SELECT; the message names file and line.</exception>
    public static string Parse(string file, string text)
    {
        var at = Skip(file, text, 0, inStatement: false);
        var word = new string([.. text.Skip(at).TakeWhile(char.IsAsciiLetter)]);
        if (word.ToUpperInvariant() is not ("SELECT" or "WITH"))
        {
            throw Error(
                file,
                text,
                at,
                at == text.Length ? "the statement is missing" : "the statement does not begin with select or with"
            );
        }

        var end = Skip(file, text, at, inStatement: true);
        var next = end == text.Length ? end : Skip(file, text, end + 1, inStatement: false);
        return next == text.Length ? text[..end] : throw Error(file, text, next, "a second statement begins");
    }

    /// <summary>The place in a text: the number of its line and of its column, from 1.</summary>
    public static (int Line, int Column) PlaceOf(string text, int at)
    {
        var before = text.AsSpan(0, Math.Min(at, text.Length));
        return (before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'));
    }

    /// <summary>
    /// The next place that is code: in a statement the semicolon that ends it, otherwise the next character that is neither
    /// blank nor comment. The length of the text if there is none.
    /// </summary>
    private static int Skip(string file, string text, int at, bool inStatement)
    {
        while (at < text.Length)
        {
            var rest = text.AsSpan(at);
            var skipped =
                rest.StartsWith("--") ? LengthTo(rest, "\n", from: 2) ?? rest.Length
                : rest.StartsWith("/*") ? CommentLength(rest)
                : char.IsWhiteSpace(rest[0]) ? 1
                : !inStatement ? 0
                : rest[0] switch
                {
                    ';' => 0,
                    '\'' => StringLength(text, at),
                    '"' => LengthTo(rest, "\"", from: 1),
                    '$' when TagOf(text, at) is { } tag => LengthTo(rest, tag, from: tag.Length),
                    _ => 1,
                };
            if (skipped is 0)
            {
                return at;
            }

            at += skipped ?? throw Error(file, text, at, "a comment, string or quoted name begins that does not end");
        }

        return at;
    }

    private static int? LengthTo(ReadOnlySpan<char> rest, string end, int from) =>
        rest[from..].IndexOf(end, StringComparison.Ordinal) is >= 0 and var length ? from + length + end.Length : null;

    /// <summary>Comments contain comments.</summary>
    private static int? CommentLength(ReadOnlySpan<char> rest)
    {
        var depth = 0;
        for (var i = 0; i + 1 < rest.Length; i++)
        {
            var mark = rest.Slice(i, 2);
            depth +=
                mark is "/*" ? 1
                : mark is "*/" ? -1
                : 0;
            i += mark is "/*" or "*/" ? 1 : 0;
            if (depth == 0)
            {
                return i + 1;
            }
        }

        return null;
    }

    /// <summary>A doubled quote begins a string again. In <c>e'…'</c> a backslash escapes.</summary>
    private static int? StringLength(string text, int at)
    {
        var escapes = at > 0 && text[at - 1] is 'e' or 'E' && (at == 1 || !IsOfName(text[at - 2]));
        for (var i = at + 1; i < text.Length; i++)
        {
            if (text[i] == '\\' && escapes)
            {
                i++;
            }
            else if (text[i] == '\'')
            {
                return i + 1 - at;
            }
        }

        return null;
    }

    /// <summary>The tag of a dollar-quoted string, such as <c>$$</c> or <c>$body$</c>; null where none begins.</summary>
    private static string? TagOf(string text, int at)
    {
        var end = at + 1;
        while (end < text.Length && IsOfName(text[end]))
        {
            end++;
        }

        var isTag =
            end < text.Length
            && text[end] == '$'
            && !char.IsAsciiDigit(text[at + 1])
            && (at == 0 || !IsOfName(text[at - 1]));
        return isTag ? text[at..(end + 1)] : null;
    }

    private static bool IsOfName(char letter) => char.IsLetterOrDigit(letter) || letter == '_';

    private static EtlException Error(string file, string text, int at, string what)
    {
        var (line, column) = PlaceOf(text, at);
        return new EtlException(
            ErrorCode.Configuration,
            $"{file}, line {line}, column {column}: {what}; the file must be one SELECT.",
            "Write one SELECT, which can begin with WITH, and nothing else."
        );
    }
}
