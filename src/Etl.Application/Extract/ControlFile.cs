using System.Globalization;
using Etl.Application.Errors;
using Etl.Application.Runs;

namespace Etl.Application.Extract;

/// <summary>A CSV file with the header <c>file,rows</c> or <c>file,rows,sha256</c>, one line per source file.</summary>
internal static class ControlFile
{
    private const int Sha256Length = 64;

    /// <summary>What each line states, by the file's name.</summary>
    /// <exception cref="EtlException">The header or a line is wrong, or a file is listed twice.</exception>
    public static IReadOnlyDictionary<string, StatedContent> Parse(SourceFile from, string text)
    {
        var lines = SidecarText.Lines(text).ToList();
        var header = lines.Count == 0 ? [] : Fields(lines[0].Text);
        var (file, rows, hash) = (IndexOf(header, "file"), IndexOf(header, "rows"), IndexOf(header, "sha256"));
        if (file < 0 || rows < 0)
        {
            throw DeliveryErrors.Unusable(from, "its first line is not the header file,rows or file,rows,sha256");
        }

        var stated = new Dictionary<string, StatedContent>();
        foreach (var (number, line) in lines.Skip(1))
        {
            var fields = Fields(line);
            if (
                fields.Length != header.Length
                || !long.TryParse(fields[rows], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                || !IsHash(hash < 0 ? "" : fields[hash])
            )
            {
                throw DeliveryErrors.Unusable(
                    from,
                    $"line {number} is not a file, a number of rows and a SHA-256 hash"
                );
            }

            var sha256 = hash < 0 || fields[hash].Length == 0 ? null : fields[hash].ToLowerInvariant();
            if (!stated.TryAdd(fields[file], new StatedContent(from.Path, sha256, Rows: count)))
            {
                throw DeliveryErrors.Unusable(from, $"line {number} lists {fields[file]} again");
            }
        }

        return stated;
    }

    private static string[] Fields(string line) => [.. line.Split(',').Select(f => f.Trim().Trim('"'))];

    private static int IndexOf(string[] header, string name) =>
        Array.FindIndex(header, h => string.Equals(h, name, StringComparison.OrdinalIgnoreCase));

    private static bool IsHash(string text) =>
        text.Length == 0 || (text.Length == Sha256Length && text.All(char.IsAsciiHexDigit));
}
