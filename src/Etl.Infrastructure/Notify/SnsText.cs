using System.Text;

namespace Etl.Infrastructure.Notify;

/// <summary>A message's body as SNS takes it.</summary>
internal static class SnsText
{
    /// <summary>SNS takes 256 KiB with the attributes; the rest is theirs and the note's.</summary>
    private const int MostBytes = 255 * 1024;
    private const string Note = "\n[Cut here: SNS takes no longer message. The whole is in `etl runs show`.]\n";

    /// <summary>The body, cut at a character where it is too long, and without characters that XML cannot carry.</summary>
    public static string Fit(string body)
    {
        var bytes = 0;
        var fit = new StringBuilder();
        foreach (var rune in body.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > MostBytes)
            {
                return fit.Append(Note).ToString();
            }

            fit.Append(IsForbidden(rune) ? "?" : rune.ToString());
        }

        return fit.ToString();
    }

    private static bool IsForbidden(Rune rune) =>
        (Rune.IsControl(rune) && rune.Value is not ('\n' or '\t')) || rune.Value is 0xFFFE or 0xFFFF;
}
