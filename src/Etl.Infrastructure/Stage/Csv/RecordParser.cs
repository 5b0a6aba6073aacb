using System.Text;
using System.Text.Unicode;
using Etl.Domain.Datasets;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>
/// Turns the bytes after the header into checked rows and rejects. The plain record (no quote, no blank, every value
/// good) is read by its marks; anything else goes the general way, which alone decides what is wrong with a record.
/// </summary>
internal sealed class RecordParser
{
    /// <summary>Bytes kept of a record that is over the size bound: it is to be recognised, it cannot be replayed.</summary>
    private const int MaxRawOfTooLong = 64 * 1024;

    private readonly int maxRecordBytes;
    private readonly NullTokens nulls;
    private readonly PlainColumn[] columns;
    private readonly MarkScanner scanner = new();
    private readonly GeneralRecord general;
    private readonly RowValidator validator;
    private readonly RecordSplitter splitter;
    private readonly IRowSink sink;
    private readonly long[] row;

    private long line;
    private long oneLineUntil;
    private bool isSkipping;

    public RecordParser(
        Dataset dataset,
        FileHeader header,
        ParserSettings settings,
        RowValidator validator,
        long firstLine
    )
    {
        (maxRecordBytes, nulls, this.validator, line) = (
            settings.MaxRecordBytes,
            settings.NullTokens,
            validator,
            firstLine
        );
        sink = validator.Sink;
        columns = [.. header.Columns.Select(c => PlainColumn.Of(dataset, c))];
        splitter = new RecordSplitter(columns.Length, maxRecordBytes);
        general = new GeneralRecord(dataset, header, nulls);
        row = new long[dataset.Columns.Count];
    }

    /// <summary>Reads whole records until the bytes end or the sink is full.</summary>
    /// <param name="bytes">The unread bytes.</param>
    /// <param name="offset">Their place in the file.</param>
    /// <param name="isLast">Whether the file ends with them.</param>
    /// <returns>How many bytes were taken.</returns>
    public int Parse(ReadOnlySpan<byte> bytes, long offset, bool isLast)
    {
        var at = 0;
        if (isSkipping && !SkipToLineEnd(bytes, isLast, out at))
        {
            return at;
        }

        while (at < bytes.Length && !sink.IsFull)
        {
            var windowEnd = scanner.Scan(bytes, at);
            var taken = ParseWindow(bytes, windowEnd, ref at, offset, isLast);
            if (!taken)
            {
                break;
            }
        }

        return at;
    }

    /// <summary>False where more bytes are needed to go on.</summary>
    private bool ParseWindow(ReadOnlySpan<byte> bytes, int windowEnd, ref int at, long offset, bool isLast)
    {
        var marks = scanner.Marks;
        var mark = 0;
        var windowStart = at;
        while (!sink.IsFull)
        {
            var left = marks.Length - mark;
            if (left < columns.Length || (left == columns.Length && bytes[marks[^1]] == Dialect.Cr))
            {
                if (at > windowStart && windowEnd < bytes.Length)
                {
                    return true;
                }
            }
            else if (TryPlain(bytes, at, marks.Slice(mark, columns.Length), out var lineEnd))
            {
                validator.Accept(row, line++, offset + at, bytes[at..lineEnd]);
                var length = Dialect.LineEndLength(bytes, lineEnd);
                mark += columns.Length - 1 + length;
                at = lineEnd + length;
                continue;
            }

            if (at == bytes.Length || !TakeGeneral(bytes[at..], offset + at, isLast, out var taken))
            {
                return false;
            }

            at += taken;
            while (mark < marks.Length && marks[mark] < at)
            {
                mark++;
            }

            if (isSkipping)
            {
                var found = SkipToLineEnd(bytes[at..], isLast, out taken);
                at += taken;
                return found;
            }

            if (at >= windowEnd)
            {
                return true;
            }
        }

        return true;
    }

    private bool TryPlain(ReadOnlySpan<byte> bytes, int start, ReadOnlySpan<int> ends, out int lineEnd)
    {
        lineEnd = ends[^1];
        if (!Dialect.IsLineEnd(bytes[lineEnd]) || lineEnd - start > maxRecordBytes)
        {
            return false;
        }

        var from = start;
        for (var i = 0; i < columns.Length; i++)
        {
            var end = ends[i];
            if (bytes[end] != Dialect.Comma && i < columns.Length - 1)
            {
                return false;
            }

            ref readonly var column = ref columns[i];
            if (column.Target >= 0)
            {
                var value = bytes[from..end];
                if (value.IsEmpty && column.Nullable)
                {
                    row[column.Target] = Row.Null;
                }
                else if (FieldReader.Read(column.Kind, value, out row[column.Target]) != RejectCode.None)
                {
                    return false;
                }
                else if (!nulls.IsEmptyOnly && nulls.Contains(value))
                {
                    return false;
                }
            }

            from = end + 1;
        }

        return !scanner.HasHighBytes || Utf8.IsValid(bytes[start..lineEnd]);
    }

    private bool TakeGeneral(ReadOnlySpan<byte> bytes, long offset, bool isLast, out int taken)
    {
        var split = splitter.Read(bytes, isLast, offset < oneLineUntil);
        taken = splitter.Length;
        switch (split)
        {
            case Split.Incomplete:
                taken = 0;
                return false;
            case Split.EmptyLine:
                line++;
                return true;
            case Split.Record:
                var content = bytes[..splitter.ContentLength];
                if (general.TryRead(content, splitter, row, out var exception))
                {
                    validator.Accept(row, line, offset, content);
                }
                else
                {
                    validator.Reject(exception, line, offset, content);
                }

                line += Dialect.CountLineBreaks(bytes[..taken]);
                return true;
            case Split.BadQuote:
                oneLineUntil = Math.Max(oneLineUntil, offset + splitter.FaultLineStart);
                validator.Reject(
                    RowError.BadQuote(general.NameOf(splitter.FaultField)),
                    line,
                    offset,
                    bytes[..splitter.ContentLength]
                );
                line++;
                return true;
            default:
                validator.Reject(
                    RowError.TooLong(maxRecordBytes),
                    line,
                    offset,
                    bytes[..Math.Min(maxRecordBytes, MaxRawOfTooLong)]
                );
                line += Dialect.CountLineBreaks(bytes[..maxRecordBytes]);
                taken = maxRecordBytes;
                isSkipping = true;
                return true;
        }
    }

    /// <summary>Passes over the rest of a record that is too long; false where it goes on beyond the bytes.</summary>
    private bool SkipToLineEnd(ReadOnlySpan<byte> bytes, bool isLast, out int taken)
    {
        var end = bytes.IndexOfAny(Dialect.Lf, Dialect.Cr);
        if (end < 0)
        {
            taken = bytes.Length;
            isSkipping = !isLast;
            return false;
        }

        taken = end;
        if (bytes[end] == Dialect.Cr && end + 1 == bytes.Length && !isLast)
        {
            return false;
        }

        taken = end + Dialect.LineEndLength(bytes, end);
        isSkipping = false;
        line++;
        return true;
    }
}
