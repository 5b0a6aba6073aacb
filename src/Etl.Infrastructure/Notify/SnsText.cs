using System.Text;

namespace Etl.Infrastructure.Notify;

/// <summary>Fits a message's body to the limits of SNS.</summary>
internal static class SnsText
{
    /// <summary>The limit of SNS is 256 KiB including the attributes; 1 KiB is reserved for them and for the note.</summary>
    private const int MaxBytes = 255 * 1024;
    private const string Note = "\n[Truncated to the size limit of SNS. `etl runs show` has the details.]\n";

    /// <summary>Replaces characters that XML does not allow, and truncates a long body after a whole character.</summary>
    public static string Fit(string body)
    {
        var bytes = 0;
        var fit = new StringBuilder();
        foreach (var rune in body.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > MaxBytes)
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
