using System.Text;
using Etl.Domain.Datasets;
using Etl.Infrastructure.Stage.Csv;

namespace Etl.Infrastructure.Stage.Suggest;

/// <summary>Finds the characters around and between the fields, and the line of the header.</summary>
internal static class DialectFinder
{
    private static readonly char[] Delimiters = [',', ';', '\t', '|'];

    /// <summary>The dialect in which most records have the same number of fields, two at least.</summary>
    /// <param name="excerpt">The file's pieces.</param>
    /// <param name="findings">Receives the settings that differ from the standard.</param>
    public static FileFormat Find(FileExcerpt excerpt, Findings findings)
    {
        var start = excerpt.Pieces[0];
        var stated = StatedDelimiter(start);
        var format = Delimiters
            .Select(d => FileFormat.Standard with { Delimiter = d })
            .SelectMany(f => Quotes(start).Select(q => f with { Quote = q.Quote, Escape = q.Escape }))
            .MaxBy(f => ScoreOf(start, f))!;
        if (format.Delimiter != ',' && stated is null)
        {
            var (width, share) = Regularity(ExcerptRecords.Of(start, format));
            findings.Set(
                "Delimiter",
                format.Delimiter == '\t' ? "\\t" : $"{format.Delimiter}",
                $"{share:P0} of the records have {width} fields"
            );
        }

        if (format.Quote != FileFormat.Standard.Quote)
        {
            findings.Set("Quote", $"{format.Quote}", "fields with delimiters inside have it around them");
        }

        if (format.Escape != format.Quote)
        {
            findings.Set("Escape", "\\", "quotes inside fields have it before them");
        }

        return WithSkippedLines(start, format, findings);
    }

    /// <summary>Number of fields that most records have, and the share of records that have it.</summary>
    public static (int Width, double Share) Regularity(IReadOnlyList<string[]> records)
    {
        var widths = records.GroupBy(r => r.Length).OrderByDescending(g => g.Count()).ThenByDescending(g => g.Key);
        return widths.FirstOrDefault() is { } most ? (most.Key, (double)most.Count() / records.Count) : (0, 0);
    }

    private static byte? StatedDelimiter(ReadOnlySpan<byte> start)
    {
        var end = start.IndexOfAny(Dialect.Lf, Dialect.Cr);
        return end < 0 ? null : Dialect.StatedDelimiter(start[..end]);
    }

    private static double ScoreOf(ReadOnlySpan<byte> start, FileFormat format)
    {
        var (width, share) = Regularity(ExcerptRecords.Of(start, format));
        return width < 2 ? 0 : share + (Math.Min(width, 100) / 1000.0);
    }

    private static IEnumerable<(char Quote, char Escape)> Quotes(ReadOnlySpan<byte> start)
    {
        var hasBackslash = start.IndexOf("\\\""u8) >= 0;
        return hasBackslash ? [('"', '\\'), ('"', '"')] : [('"', '"'), ('\'', '\'')];
    }

    /// <summary>Lines of another width before the first record of the usual one: a title, an export's date.</summary>
    private static FileFormat WithSkippedLines(ReadOnlySpan<byte> start, FileFormat format, Findings findings)
    {
        var width = Regularity(ExcerptRecords.Of(start, format)).Width;
        var lines = 0;
        var rest = start;
        while (lines < 20 && ExcerptRecords.Of(FirstLine(rest), format) is [{ } first] && first.Length != width)
        {
            lines++;
            rest = rest[FirstLine(rest).Length..];
        }

        if (lines == 0 || rest.IsEmpty || (lines == 1 && StatedDelimiter(start) is not null))
        {
            return format;
        }

        var shown = Excerpt.Of(Dialect.Trim(FirstLine(start)).TrimEnd("\r\n"u8));
        findings.Set("SkipLines", $"{lines}", $"the file begins with {shown}, not with a header");
        return format with { SkipLines = lines };
    }

    private static ReadOnlySpan<byte> FirstLine(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAny(Dialect.Lf, Dialect.Cr);
        return end < 0 ? text : text[..(end + Dialect.LineEndLength(text, end))];
    }
}
