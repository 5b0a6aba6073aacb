using System.Text;

namespace Etl.Application.Notify;

/// <summary>Lines that a phone shows without breaking them anew; what has no blank, such as an address, stays whole.</summary>
internal sealed class PhoneText
{
    private const int Width = 60;
    private readonly StringBuilder text = new();

    /// <summary>A line, continued below itself where it is long.</summary>
    /// <param name="words">The line.</param>
    /// <param name="indent">Blanks before it.</param>
    public PhoneText Line(string words, int indent = 0)
    {
        var left = Width - indent;
        var rest = words.ReplaceLineEndings(" ").TrimEnd();
        text.Append(' ', indent);
        while (rest.Length > left && BreakOf(rest, left) is var at and > 0)
        {
            text.Append(rest, 0, at).Append('\n').Append(' ', indent);
            rest = rest[(at + 1)..];
        }

        text.Append(rest).Append('\n');
        return this;
    }

    /// <summary>Something to be copied: never broken.</summary>
    public PhoneText Whole(string words, int indent = 2)
    {
        text.Append(' ', indent).Append(words).Append('\n');
        return this;
    }

    /// <summary>Begins a part, after an empty line.</summary>
    public PhoneText Part(string? headline = null)
    {
        text.Append('\n');
        return headline is null ? this : Line(headline);
    }

    public override string ToString() => text.ToString();

    /// <summary>The last blank within the width, else the first after it; 0 where there is none.</summary>
    private static int BreakOf(string words, int width)
    {
        var within = words.LastIndexOf(' ', width);
        return within > 0 ? within : Math.Max(0, words.IndexOf(' ', width));
    }
}
