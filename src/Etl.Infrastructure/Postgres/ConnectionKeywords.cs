using System.Text;

namespace Etl.Infrastructure.Postgres;

/// <summary>
/// The two forms of keywords with values: Npgsql's, <c>Host=db;Username=etl</c>, with semicolons between and values quoted
/// by <c>'</c> or <c>"</c>, doubled inside; and libpq's, <c>host=db user=etl</c>, with blanks between, values quoted by
/// <c>'</c>, and <c>\'</c> and <c>\\</c> inside. It is libpq's where the first value ends at a blank, another
/// <c>name =</c> follows, and no semicolon with a known name after it stands in that value; otherwise it is Npgsql's.
/// </summary>
internal sealed class ConnectionKeywords
{
    private readonly string text;
    private readonly bool libpq;
    private int at;

    private ConnectionKeywords(string text, bool libpq) => (this.text, this.libpq) = (text, libpq);

    /// <exception cref="ConnectionFormatException">It has neither form.</exception>
    public static void Read(string text, Action<string, string> set)
    {
        var keywords = new ConnectionKeywords(text, IsLibpq(text));
        while (keywords.Next() is var (name, value))
        {
            set(name, value);
        }
    }

    private static bool IsLibpq(string text)
    {
        var first = new ConnectionKeywords(text, libpq: true);
        try
        {
            return first.Next() is not null && !first.StartsParameter(text[..first.at]) && first.IsAtName();
        }
        catch (ConnectionFormatException)
        {
            return false;
        }
    }

    /// <summary>The next pair; null at the end.</summary>
    private (string Name, string Value)? Next()
    {
        SkipBlanks(andSemicolons: !libpq);
        if (at == text.Length)
        {
            return null;
        }

        var equals = text.IndexOf('=', at);
        var name = equals < 0 ? "" : text[at..equals].Trim();
        if (name.Length == 0 || (libpq && name.Any(char.IsWhiteSpace)) || name.Contains(';', StringComparison.Ordinal))
        {
            throw new ConnectionFormatException("a parameter has no name or no value");
        }

        at = equals + 1;
        SkipBlanks(andSemicolons: false);
        return (name, Value());
    }

    private string Value()
    {
        var quote = at < text.Length && (text[at] == '\'' || (!libpq && text[at] == '"')) ? text[at] : '\0';
        return quote != '\0' ? Quoted(quote)
            : libpq ? Unquoted(char.IsWhiteSpace).Unescaped
            : Unquoted(c => c == ';').Raw.TrimEnd();
    }

    private (string Raw, string Unescaped) Unquoted(Func<char, bool> isEnd)
    {
        var start = at;
        var value = new StringBuilder();
        for (; at < text.Length && !isEnd(text[at]); at++)
        {
            if (libpq && text[at] == '\\' && at + 1 < text.Length)
            {
                at++;
            }

            value.Append(text[at]);
        }

        return (text[start..at], value.ToString());
    }

    private string Quoted(char quote)
    {
        var value = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            var escaped =
                at + 1 < text.Length && (libpq ? text[at] == '\\' : text[at] == quote && text[at + 1] == quote);
            if (escaped)
            {
                at++;
            }
            else if (text[at] == quote)
            {
                at++;
                RequireEnd();
                return value.ToString();
            }

            value.Append(text[at]);
        }

        throw new ConnectionFormatException("a quoted value does not end");
    }

    /// <summary>What follows a closing quote without a separator was meant to stand inside it.</summary>
    private void RequireEnd()
    {
        var blanks = at;
        SkipBlanks(andSemicolons: false);
        if (at < text.Length && (libpq ? at == blanks : text[at] != ';'))
        {
            throw new ConnectionFormatException("a quoted value is followed by more text");
        }
    }

    /// <summary>Whether Npgsql would see another parameter in what libpq takes for the first pair.</summary>
    private bool StartsParameter(string pair)
    {
        var start = pair.IndexOf('=', StringComparison.Ordinal) + 1;
        var semicolon = pair[start..].TrimStart().StartsWith('\'') ? -1 : pair.IndexOf(';', start);
        var equals = semicolon < 0 ? -1 : text.IndexOf('=', semicolon);
        return equals >= 0 && ConnectionParameters.IsKnown(text[(semicolon + 1)..equals].Trim());
    }

    private bool IsAtName()
    {
        SkipBlanks(andSemicolons: false);
        var equals = text.IndexOf('=', at);
        var name = equals < 0 ? "" : text[at..equals].TrimEnd();
        return name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
    }

    private void SkipBlanks(bool andSemicolons)
    {
        while (at < text.Length && (char.IsWhiteSpace(text[at]) || (andSemicolons && text[at] == ';')))
        {
            at++;
        }
    }
}
