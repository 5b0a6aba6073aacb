using System.Text;
using System.Text.Unicode;
using Etl.Domain.Datasets;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>
/// Turns the bytes after the header into checked rows and rejects. A plain record (no quote, no blank around a value, every
/// value valid) is read by its marks. <see cref="GeneralRecord"/> reads every other one and alone decides on its error.
/// </summary>
internal sealed class RecordParser
{
    /// <summary>Bytes stored of a record over the size bound: enough to recognize it; it cannot be replayed.</summary>
    private const int MaxRawOfTooLong = 64 * 1024;

    private readonly int maxRecordBytes;
    private readonly NullTokens nulls;
    private readonly FieldTarget[] columns;
    private readonly MarkScanner scanner;
    private readonly byte delimiter;
    private readonly GeneralRecord general;
    private readonly RowValidator validator;
    private readonly RecordSplitter splitter;
    private readonly IRowSink sink;
    private readonly long[] row;
    private readonly bool hasTextConstant;
    private readonly (int From, int To)[] copies;

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
        (maxRecordBytes, this.validator, line) = (settings.MaxRecordBytes, validator, firstLine);
        nulls = new NullTokens(dataset.Format.NullTokens);
        sink = validator.Sink;
        columns = [.. header.Columns.Select(c => FieldTarget.Of(dataset, c))];
        delimiter = header.Delimiter;
        scanner = new MarkScanner(delimiter, (byte)dataset.Format.Quote);
        splitter = new RecordSplitter(dataset.Format, columns.Length, maxRecordBytes) { Delimiter = delimiter };
        general = new GeneralRecord(dataset, header, columns, nulls, validator.Forms, validator.Hints);
        row = general.Constants.NewRow();
        hasTextConstant = general.Constants.HasText;
        copies = [.. header.Copies];
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

    /// <summary>
    /// Reads the records that begin within a scanned window. Invariants of the loop: <paramref name="at"/> is the first byte of
    /// a record; <c>marks[mark]</c> is the first mark at or after it; all bytes before it were counted in <c>line</c> and
    /// passed to the validator. A record with n columns has n marks: its n - 1 delimiters and its line end. The last mark
    /// decides nothing where it is a CR, as the LF of the same line end may lie beyond the window. A window whose marks are
    /// used up is scanned again from the next record; one that holds no whole record takes the general way, which also
    /// reports whether more bytes are needed.
    /// </summary>
    /// <returns>False where more bytes are needed to continue.</returns>
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
            else if (!hasTextConstant && TryPlain(bytes, at, marks.Slice(mark, columns.Length), out var lineEnd))
            {
                var record = bytes[at..lineEnd];
                CopyValues();
                validator.Accept(row, record, line++, offset + at, record);
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

    private void CopyValues()
    {
        foreach (var (from, to) in copies)
        {
            row[to] = row[from];
        }
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
            if (bytes[end] != delimiter && i < columns.Length - 1)
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
                else if (FieldRules.Read(column.Rule, value, out row[column.Target], column.Reader) != RejectCode.None)
                {
                    if (!column.Nullable || !nulls.Contains(value))
                    {
                        return false;
                    }

                    row[column.Target] = Row.Null;
                }
                else if (!nulls.IsEmptyOnly && nulls.Contains(value))
                {
                    return false;
                }
                else if (column.Rule.IsText())
                {
                    // A number with a blank beside it is no number; a text with one would be stored with it.
                    if (Dialect.IsBlank(value[0]) || Dialect.IsBlank(value[^1]))
                    {
                        return false;
                    }

                    row[column.Target] = Row.Text(from - start, value.Length);
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
                if (general.TryRead(content, splitter, row, out var error))
                {
                    CopyValues();
                    validator.Accept(row, general.Text, line, offset, content);
                }
                else if (general.HoldsNoRow(content, splitter))
                {
                    validator.Skip(1);
                }
                else
                {
                    validator.Reject(error, line, offset, content);
                }

                line += Dialect.CountLineBreaks(bytes[..taken]);
                return true;
            case Split.BadQuote:
                oneLineUntil = Math.Max(oneLineUntil, offset + splitter.ErrorLineStart);
                validator.Reject(
                    RowError.BadQuote(general.NameOf(splitter.ErrorField)),
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
