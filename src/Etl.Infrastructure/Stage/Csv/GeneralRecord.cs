using System.Text;
using System.Text.Unicode;
using Etl.Domain.Datasets;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>
/// Checks a record that was split the general way. What is wrong with the whole is told before what is wrong with a
/// field: bytes, then the number of fields, then the first bad field in the file's own order.
/// </summary>
internal sealed class GeneralRecord(Dataset dataset, FileHeader header, NullTokens nulls)
{
    public bool TryRead(ReadOnlySpan<byte> record, RecordSplitter split, long[] row, out RowError exception)
    {
        exception = default;
        if (!Ascii.IsValid(record) && !Utf8.IsValid(record))
        {
            exception = BadBytes(record, split);
            return false;
        }

        if (split.FieldCount != header.Columns.Count)
        {
            exception = RowError.OfCount(split.FieldCount, header.Columns.Count);
            return false;
        }

        for (var i = 0; i < header.Columns.Count; i++)
        {
            var target = header.Columns[i];
            if (target < 0)
            {
                continue;
            }

            var column = dataset.Columns[target];
            var code = Read(column, split[i].ValueIn(record), out row[target]);
            if (code != RejectCode.None)
            {
                exception = RowError.OfField(column, code, split[i]);
                return false;
            }
        }

        return true;
    }

    private RejectCode Read(Column column, ReadOnlySpan<byte> value, out long number)
    {
        if (!nulls.Contains(value))
        {
            return FieldReader.Read(column.Kind, value, out number);
        }

        number = Row.Null;
        return column.Nullable ? RejectCode.None : RejectCode.NullNotAllowed;
    }

    /// <summary>The column in a place of the record; null beyond the header's last.</summary>
    public string? NameOf(int place) =>
        place >= header.Columns.Count ? null
        : header.Columns[place] is >= 0 and var target ? dataset.Columns[target].Name
        : header.Names[place];

    private RowError BadBytes(ReadOnlySpan<byte> record, RecordSplitter split)
    {
        var known = Math.Min(split.FieldCount, header.Columns.Count);
        for (var i = 0; i < known; i++)
        {
            if (!Utf8.IsValid(split[i].ValueIn(record)))
            {
                return RowError.OfBytes(NameOf(i)!, split[i]);
            }
        }

        return RowError.BadBytes;
    }
}
