using Etl.Domain.Datasets;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>
/// Splits one record of any form that RFC 4180 allows, and of common variants: CR, LF or CR LF at the end, blanks around
/// quotes, quotes inside an unquoted field, a backslash before a quote. It keeps no state from one record to the next.
/// </summary>
internal sealed class RecordSplitter(FileFormat format, int maxFields, int maxBytes)
{
    private readonly Field[] fields = new Field[maxFields];
    private readonly byte quote = (byte)format.Quote;
    private readonly byte escape = (byte)format.Escape;

    /// <summary>The byte between two fields.</summary>
    public byte Delimiter { get; set; } = Dialect.DelimiterOf(format);

    /// <summary>Number of fields, those beyond the ones that are kept counted too.</summary>
    public int FieldCount { get; private set; }

    /// <summary>Bytes of the record without its line end.</summary>
    public int ContentLength { get; private set; }

    /// <summary>Bytes of the record with its line end.</summary>
    public int Length { get; private set; }

    /// <summary>With <see cref="Split.BadQuote"/>: start of the line in which the error shows.</summary>
    public int ErrorLineStart { get; private set; }

    /// <summary>With <see cref="Split.BadQuote"/>: place of the field whose quote it is.</summary>
    public int ErrorField { get; private set; }

    public Field this[int index] => fields[index];

    /// <summary>Whether every field of the record is empty.</summary>
    public bool HasNoValue(ReadOnlySpan<byte> record)
    {
        foreach (var field in fields.AsSpan(0, Math.Min(FieldCount, fields.Length)))
        {
            if (!field.ValueIn(record).IsEmpty)
            {
                return false;
            }
        }

        var last = fields[Math.Min(FieldCount, fields.Length) - 1];
        return FieldCount <= fields.Length
            || record[(last.Start + last.Length)..].IndexOfAnyExcept(Delimiter, (byte)' ', (byte)'\t') < 0;
    }

    /// <param name="bytes">From the record's first byte on.</param>
    /// <param name="isLast">Whether the file ends with these bytes.</param>
    /// <param name="oneLine">Whether quotes may not reach beyond the first line.</param>
    public Split Read(ReadOnlySpan<byte> bytes, bool isLast, bool oneLine)
    {
        FieldCount = 0;
        if (bytes.IsEmpty)
        {
            return Split.Incomplete;
        }

        if (Dialect.IsLineEnd(bytes[0]))
        {
            return EndAt(0, bytes, isLast, Split.EmptyLine);
        }

        // One byte more than the bound distinguishes a record that just fits; the result is the same however the bytes arrive.
        var window = bytes.Length > maxBytes + 1 ? bytes[..(maxBytes + 1)] : bytes;
        var whole = isLast && window.Length == bytes.Length;
        if (oneLine && window.IndexOfAny(Dialect.Lf, Dialect.Cr) is >= 0 and var lineEnd)
        {
            window = window[..lineEnd];
            whole = true;
        }

        var found = SplitFields(window, whole, out var end);
        ErrorField = found == FieldEnd.TextAfterQuote ? FieldCount - 1 : FieldCount;
        return found switch
        {
            FieldEnd.Found => end > maxBytes ? Split.TooLong : EndAt(end, bytes, isLast, Kind(window[..end])),
            FieldEnd.TextAfterQuote => CutAtFirstLine(end, bytes, isLast),
            FieldEnd.OpenQuote when whole => CutAtFirstLine(window.Length, bytes, isLast),
            FieldEnd.OpenQuote when window.Length > maxBytes && window.ContainsAny(Dialect.Lf, Dialect.Cr) =>
                CutAtFirstLine(window.Length, bytes, isLast),
            _ => window.Length > maxBytes ? Split.TooLong : Split.Incomplete,
        };
    }

    /// <summary>Blanks around a value do not count, so a line of nothing else is an empty one.</summary>
    private Split Kind(ReadOnlySpan<byte> record) =>
        FieldCount == 1 && Dialect.Trim(record).IsEmpty ? Split.EmptyLine : Split.Record;

    private FieldEnd SplitFields(ReadOnlySpan<byte> window, bool whole, out int end)
    {
        var at = 0;
        while (true)
        {
            var first = at;
            while (first < window.Length && IsBlank(window[first]))
            {
                first++;
            }

            var isQuoted = first < window.Length && window[first] == quote;
            var result = isQuoted
                ? SplitQuoted(window, first + 1, whole, out end)
                : SplitPlain(window, at, whole, out end);
            if (result != FieldEnd.Found || end == window.Length || window[end] != Delimiter)
            {
                return result;
            }

            at = end + 1;
        }
    }

    private FieldEnd SplitPlain(ReadOnlySpan<byte> window, int from, bool whole, out int end)
    {
        var length = window[from..].IndexOfAny(Delimiter, Dialect.Lf, Dialect.Cr);
        end = length < 0 ? window.Length : from + length;
        Add(new Field(from, end - from));
        return length >= 0 || whole ? FieldEnd.Found : FieldEnd.OpenPlain;
    }

    private FieldEnd SplitQuoted(ReadOnlySpan<byte> window, int from, bool whole, out int end)
    {
        var escaped = false;
        end = from;
        while (true)
        {
            var length = escape == quote ? window[end..].IndexOf(quote) : window[end..].IndexOfAny(quote, escape);
            if (length < 0)
            {
                end = window.Length;
                return FieldEnd.OpenQuote;
            }

            end += length + 1;
            var isEscape = escape == quote ? end < window.Length && window[end] == quote : window[end - 1] == escape;
            if (!isEscape)
            {
                break;
            }

            escaped = true;
            end = Math.Min(end + 1, window.Length);
        }

        Add(escaped ? new Field(from, end - 1 - from, escape, quote) : new Field(from, end - 1 - from));
        while (end < window.Length && IsBlank(window[end]))
        {
            end++;
        }

        if (end == window.Length)
        {
            return whole ? FieldEnd.Found : FieldEnd.OpenPlain;
        }

        return window[end] == Delimiter || Dialect.IsLineEnd(window[end]) ? FieldEnd.Found : FieldEnd.TextAfterQuote;
    }

    /// <summary>A tab that separates fields is no blank.</summary>
    private bool IsBlank(byte letter) => Dialect.IsBlank(letter) && letter != Delimiter;

    private void Add(Field field)
    {
        if (FieldCount < fields.Length)
        {
            fields[FieldCount] = field;
        }

        FieldCount++;
    }

    /// <summary>After a CR the next byte decides whether the line end has one byte or two.</summary>
    private Split EndAt(int end, ReadOnlySpan<byte> bytes, bool isLast, Split split)
    {
        if (end < bytes.Length && bytes[end] == Dialect.Cr && end + 1 == bytes.Length && !isLast)
        {
            return Split.Incomplete;
        }

        ContentLength = end;
        Length = end == bytes.Length ? end : end + Dialect.LineEndLength(bytes, end);
        return split;
    }

    private Split CutAtFirstLine(int errorAt, ReadOnlySpan<byte> bytes, bool isLast)
    {
        ErrorLineStart = bytes[..errorAt].LastIndexOfAny(Dialect.Lf, Dialect.Cr) + 1;
        var lineEnd = bytes.IndexOfAny(Dialect.Lf, Dialect.Cr);
        if (lineEnd < 0)
        {
            lineEnd = bytes.Length;
        }

        if (lineEnd > maxBytes)
        {
            return Split.TooLong;
        }

        return lineEnd == bytes.Length && !isLast ? Split.Incomplete : EndAt(lineEnd, bytes, isLast, Split.BadQuote);
    }

    /// <summary>How the search for a field's end ended.</summary>
    private enum FieldEnd
    {
        Found,
        OpenPlain,
        OpenQuote,
        TextAfterQuote,
    }
}
