using System.Text;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>Shows what a file holds within a one-line message: quoted, shortened, nothing that moves a terminal.</summary>
internal static class Excerpt
{
    private const int Longest = 40;

    public static string Of(string text) => Of(Encoding.UTF8.GetBytes(text), Longest).Trim('\'');

    public static string Of(ReadOnlySpan<byte> bytes, int longest = Longest)
    {
        var cut = bytes.Length > longest;
        var shown = new StringBuilder("'");
        var rest = cut ? bytes[..longest] : bytes;
        while (!rest.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(rest, out var rune, out var length);
            if (status != System.Buffers.OperationStatus.Done && cut && rest.Length < 4)
            {
                break;
            }

            Append(shown, status, rune, rest[..length]);
            rest = rest[length..];
        }

        return shown.Append(cut ? "…'" : "'").ToString();
    }

    private static void Append(
        StringBuilder shown,
        System.Buffers.OperationStatus status,
        Rune rune,
        ReadOnlySpan<byte> bytes
    )
    {
        if (status != System.Buffers.OperationStatus.Done)
        {
            foreach (var wrong in bytes)
            {
                shown.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\x{wrong:X2}");
            }
        }
        else if (rune.Value == '\n')
        {
            shown.Append("\\n");
        }
        else if (rune.Value == '\r')
        {
            shown.Append("\\r");
        }
        else if (rune.Value == '\t')
        {
            shown.Append("\\t");
        }
        else if (Rune.IsControl(rune) || IsUnseen(rune))
        {
            shown.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}");
        }
        else
        {
            shown.Append(rune.ToString());
        }
    }

    /// <summary>Format characters turn text around or hide it.</summary>
    private static bool IsUnseen(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is System.Globalization.UnicodeCategory.Format
                or System.Globalization.UnicodeCategory.LineSeparator
                or System.Globalization.UnicodeCategory.ParagraphSeparator;
}
