using System.Text;

namespace Etl.Infrastructure.Notify;

/// <summary>Fits a message's body to the limits of a service.</summary>
internal static class LimitedText
{
    /// <summary>Replaces characters that XML does not allow, and truncates a long body after a whole character.</summary>
    /// <param name="body">The body.</param>
    /// <param name="maxBytes">Size limit in UTF-8 for the body without the note that it was truncated.</param>
    /// <param name="service">The service that has the limit.</param>
    /// <param name="maxLines">Limit for the number of lines without that note.</param>
    public static string Fit(string body, int maxBytes, string service, int maxLines = int.MaxValue)
    {
        var (bytes, lines) = (0, 1);
        var fit = new StringBuilder();
        foreach (var rune in body.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            lines += rune.Value == '\n' ? 1 : 0;
            if (bytes > maxBytes || lines > maxLines)
            {
                return fit.Append($"\n[Truncated to the size limit of {service}. `etl runs show` has the details.]\n")
                    .ToString();
            }

            fit.Append(IsForbidden(rune) ? "?" : rune.ToString());
        }

        return fit.ToString();
    }

    private static bool IsForbidden(Rune rune) =>
        (Rune.IsControl(rune) && rune.Value is not ('\n' or '\t')) || rune.Value is 0xFFFE or 0xFFFF;
}
