using System.Text;

namespace Etl.Application.Notify;

/// <summary>Text in lines that a phone does not wrap; a part without a blank, such as a URI, is not broken.</summary>
internal sealed class PhoneText
{
    private const int Width = 60;
    private readonly StringBuilder lines = new();

    /// <summary>A line, wrapped to the width with the same indent.</summary>
    /// <param name="text">The line.</param>
    /// <param name="indent">Blanks before it.</param>
    public PhoneText Line(string text, int indent = 0)
    {
        var left = Width - indent;
        var rest = text.ReplaceLineEndings(" ").TrimEnd();
        lines.Append(' ', indent);
        while (rest.Length > left && BreakOf(rest, left) is var at and > 0)
        {
            lines.Append(rest, 0, at).Append('\n').Append(' ', indent);
            rest = rest[(at + 1)..];
        }

        lines.Append(rest).Append('\n');
        return this;
    }

    /// <summary>A line to copy, which is never wrapped.</summary>
    public PhoneText Whole(string text, int indent = 2)
    {
        lines.Append(' ', indent).Append(text).Append('\n');
        return this;
    }

    /// <summary>Starts a section, after an empty line.</summary>
    public PhoneText Part(string? headline = null)
    {
        lines.Append('\n');
        return headline is null ? this : Line(headline);
    }

    public override string ToString() => lines.ToString();

    /// <summary>The last blank within the width, or else the first after it; 0 if there is none.</summary>
    private static int BreakOf(string text, int width)
    {
        var within = text.LastIndexOf(' ', width);
        return within > 0 ? within : Math.Max(0, text.IndexOf(' ', width));
    }
}
