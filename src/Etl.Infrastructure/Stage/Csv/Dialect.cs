using Etl.Domain.Datasets;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>The bytes that mean something in a CSV file, and small tools on them.</summary>
internal static class Dialect
{
    public const byte Comma = (byte)',';
    public const byte Quote = (byte)'"';
    public const byte Lf = (byte)'\n';
    public const byte Cr = (byte)'\r';

    public static ReadOnlySpan<byte> Bom => [0xEF, 0xBB, 0xBF];

    /// <summary>The delimiter of a format; a comma where only a line of the file can state another.</summary>
    public static byte DelimiterOf(FileFormat format) => (byte)(format.Delimiter ?? (char)Comma);

    /// <summary>The delimiter that a line before the header states, as spreadsheets write it: <c>sep=;</c>.</summary>
    public static byte? StatedDelimiter(ReadOnlySpan<byte> line) =>
        line is [(byte)'s' or (byte)'S', (byte)'e' or (byte)'E', (byte)'p' or (byte)'P', (byte)'=', var stated]
        && stated is Comma or (byte)';' or (byte)'|' or (byte)'\t'
            ? stated
            : null;

    /// <summary>The line that states a delimiter, with its line end.</summary>
    public static byte[] SeparatorLine(byte delimiter) => [.. "sep="u8, delimiter, Lf];

    public static bool IsBlank(byte letter) => letter is (byte)' ' or (byte)'\t';

    public static bool IsLineEnd(byte letter) => letter is Lf or Cr;

    /// <summary>Takes spaces and tabs off both ends.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> field)
    {
        int from = 0,
            to = field.Length;
        while (from < to && IsBlank(field[from]))
        {
            from++;
        }

        while (to > from && IsBlank(field[to - 1]))
        {
            to--;
        }

        return field[from..to];
    }

    /// <summary>Number of line breaks, where CR LF is one.</summary>
    public static int CountLineBreaks(ReadOnlySpan<byte> bytes)
    {
        var count = 0;
        for (var at = bytes.IndexOfAny(Lf, Cr); at >= 0; at = bytes.IndexOfAny(Lf, Cr))
        {
            var length = LineEndLength(bytes, at);
            bytes = bytes[(at + length)..];
            count++;
        }

        return count;
    }

    /// <summary>1 or 2 bytes, for the line end that begins at a place.</summary>
    public static int LineEndLength(ReadOnlySpan<byte> bytes, int at) =>
        bytes[at] == Cr && at + 1 < bytes.Length && bytes[at + 1] == Lf ? 2 : 1;
}
