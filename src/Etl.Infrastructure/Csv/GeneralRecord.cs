using System.Text;
using System.Text.Unicode;
using Etl.Domain.Quality;
using Etl.Domain.Rows;

namespace Etl.Infrastructure.Csv;

/// <summary>
/// Checks a record that was split the general way. What is wrong with the whole is told before what is wrong with a
/// field: bytes, then the number of fields, then the first bad field in the file's own order.
/// </summary>
internal sealed class GeneralRecord(Dataset dataset, FileHeader header, NullTokens nulls)
{
    public bool TryRead(ReadOnlySpan<byte> record, RecordSplitter split, long[] row, out RowFault fault)
    {
        fault = default;
        if (!Ascii.IsValid(record) && !Utf8.IsValid(record))
        {
            fault = BadBytes(record, split);
            return false;
        }

        if (split.FieldCount != header.Columns.Count)
        {
            fault = RowFault.OfCount(split.FieldCount, header.Columns.Count);
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
                fault = RowFault.OfField(column, code, split[i]);
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

    private RowFault BadBytes(ReadOnlySpan<byte> record, RecordSplitter split)
    {
        var known = Math.Min(split.FieldCount, header.Columns.Count);
        for (var i = 0; i < known; i++)
        {
            if (!Utf8.IsValid(split[i].ValueIn(record)))
            {
                return RowFault.OfBytes(NameOf(i)!, split[i]);
            }
        }

        return RowFault.BadBytes;
    }
}
