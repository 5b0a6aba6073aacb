using System.Text;

namespace Etl.Hosts.Console.Cli;

/// <summary>
/// Breaks text for the width of a terminal: between words, and a path only after a separator. A terminal by itself breaks at
/// its last column.
/// </summary>
internal static class Wrapping
{
    /// <summary>The text with line breaks.</summary>
    /// <param name="text">One line, or several.</param>
    /// <param name="width">Characters per line.</param>
    /// <param name="used">Characters that precede the text on its first line; each further line begins with as many blanks.</param>
    public static string Wrap(string text, int width, int used = 0) =>
        string.Join('\n' + new string(' ', used), text.Split('\n').Select(line => WrapLine(line, width, used)));

    private static string WrapLine(string text, int width, int used)
    {
        var (lines, column) = (new StringBuilder(), used);
        foreach (var (word, isFirst) in text.Split(' ').Select((w, i) => (w, i == 0)))
        {
            var blank = isFirst ? 0 : 1;
            if (column + blank + word.Length <= width)
            {
                lines.Append(' ', blank).Append(word);
                column += blank + word.Length;
                continue;
            }

            foreach (var piece in PiecesOf(word, Math.Max(1, width - used)))
            {
                NextLine();
                lines.Append(piece);
                column += piece.Length;
            }
        }

        return lines.ToString();

        void NextLine()
        {
            if (column > used)
            {
                lines.Append('\n').Append(' ', used);
                column = used;
            }
        }
    }

    /// <summary>
    /// Breaks a word after the separators of a path so that no piece is wider than a line, unless a name is. Without one, and
    /// in a name that is wider than a line, nothing is broken: the terminal does it.
    /// </summary>
    public static IEnumerable<string> PiecesOf(string word, int width)
    {
        var start = 0;
        while (word.Length - start > width)
        {
            // A separator at the start is no piece of its own.
            var end = word.LastIndexOfAny(['/', '\\'], start + width - 1, width - 1);
            end = end < 0 ? word.IndexOfAny(['/', '\\'], start + 1) : end;
            if (end < 0 || end == word.Length - 1)
            {
                break;
            }

            yield return word[start..(end + 1)];
            start = end + 1;
        }

        yield return word[start..];
    }
}
