using System.Text;
using System.Text.Unicode;
using Etl.Domain.Datasets;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>
/// Checks a record that <see cref="RecordSplitter"/> split. The first error is reported, in this order: invalid bytes, a
/// wrong number of fields, the first invalid field in the order of the file.
/// </summary>
internal sealed class GeneralRecord(
    Dataset dataset,
    FileHeader header,
    FieldTarget[] targets,
    NullTokens nulls,
    FormTally forms,
    RejectHints hints
)
{
    private readonly byte[] simple = new byte[FieldForms.MaxBytes + 1];
    private readonly byte[] text = new byte[dataset.Columns.Sum(c => c.Type.MaxBytes)];
    private int used;

    /// <summary>The values of columns that are not read from the file.</summary>
    public Constants Constants { get; } = new(dataset);

    /// <summary>The texts of the last row, without the quotes of the record; valid until the next call.</summary>
    public ReadOnlySpan<byte> Text => text.AsSpan(0, used);

    public bool TryRead(ReadOnlySpan<byte> record, RecordSplitter split, long[] row, out RowError error)
    {
        error = default;
        used = Constants.WriteTexts(row, text);
        if (!Ascii.IsValid(record) && !Utf8.IsValid(record) && BadBytes(record, split) is { } invalid)
        {
            error = invalid;
            return false;
        }

        if (split.FieldCount != header.Columns.Count)
        {
            error = RowError.OfCount(split.FieldCount, header.Columns.Count);
            return false;
        }

        for (var i = 0; i < header.Columns.Count; i++)
        {
            ref readonly var target = ref targets[i];
            if (target.Target < 0)
            {
                continue;
            }

            var value = split[i].ValueIn(record);
            var code = Read(in target, value, out row[target.Target]);
            if (code == RejectCode.None)
            {
                continue;
            }

            var column = dataset.Columns[target.Target];
            if (TrySimple(in target, column.Type.Rule, value, out row[target.Target]))
            {
                forms.Count(target.Target, value);
                continue;
            }

            hints.Count(target.Target, code, value);
            error = RowError.OfField(column, target.Reader, code, split[i]);
            return false;
        }

        return true;
    }

    /// <summary>Whether a record that was not read has no value at all, or is the header again.</summary>
    /// <exception cref="Etl.Application.Errors.EtlException">It is the header in another order of columns.</exception>
    public bool HoldsNoRow(ReadOnlySpan<byte> record, RecordSplitter split) =>
        split.HasNoValue(record) || (split.FieldCount == header.Names.Count && header.IsRepeated(record, split));

    private RejectCode Read(in FieldTarget target, ReadOnlySpan<byte> value, out long number)
    {
        if (!nulls.Contains(value))
        {
            var code = FieldRules.Read(target.Rule, value, out number, target.Reader);
            if (target.Rule.IsText() && code == RejectCode.None)
            {
                number = Row.Text(used, value.Length);
                value.CopyTo(text.AsSpan(used));
                used += value.Length;
            }

            return code;
        }

        number = Row.Null;
        return target.Nullable ? RejectCode.None : RejectCode.NullNotAllowed;
    }

    /// <summary>A simple form of a number has the standard separators.</summary>
    private bool TrySimple(in FieldTarget target, FieldRule rule, ReadOnlySpan<byte> value, out long number)
    {
        number = 0;
        var written = target.Reader switch
        {
            NumberReader => target with { Rule = rule, Reader = null },
            BoundedReader { Inner: NumberReader } bounded => target with { Reader = bounded.Standard },
            _ => target,
        };
        return FieldForms.TrySimplify(rule, target.Reader, value, simple, out var length)
            && Read(in written, simple.AsSpan(0, length), out number) == RejectCode.None;
    }

    /// <summary>The column in a place of the record; null beyond the header's last.</summary>
    public string? NameOf(int place) =>
        place >= header.Columns.Count ? null
        : header.Columns[place] is >= 0 and var target ? dataset.Columns[target].Name
        : header.Names[place];

    /// <summary>Bytes of columns that are not read do not matter.</summary>
    private RowError? BadBytes(ReadOnlySpan<byte> record, RecordSplitter split)
    {
        var known = Math.Min(split.FieldCount, header.Columns.Count);
        for (var i = 0; i < known; i++)
        {
            if (header.Columns[i] >= 0 && !Utf8.IsValid(split[i].ValueIn(record)))
            {
                return RowError.OfBytes(NameOf(i)!, split[i]);
            }
        }

        return null;
    }
}
