using System.Globalization;
using System.Text;
using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Domain.Datasets;

namespace Etl.Infrastructure.Transform;

/// <summary>One record of an optional file. Its fields follow the rules of the three snapshots' fields.</summary>
internal sealed class DimensionRow(SourceFile file, long line, IReadOnlyDictionary<DimensionColumn, string> fields)
{
    public long Id(DimensionColumn column)
    {
        var code = FieldRules.ReadId(Encoding.UTF8.GetBytes(Text(column)), out var value);
        return code == RejectCode.None
            ? value
            : throw Fault(column, $"a whole number above 0 is needed ({code.Text()})");
    }

    public string TextId(DimensionColumn column)
    {
        // As in a snapshot: any other white space belongs to the id.
        var text = fields[column].Trim(' ', '\t');
        var code = FieldRules.ReadText(Encoding.UTF8.GetBytes(text), FieldRules.MaxIdBytes);
        return code == RejectCode.None
            ? text
            : throw Fault(column, $"{FieldType.TextId.Expected} is needed ({code.Text()})");
    }

    public DateOnly Date(DimensionColumn column)
    {
        var code = FieldRules.ReadDate(Encoding.UTF8.GetBytes(Text(column)), out var value);
        return code == RejectCode.None
            ? DateOnly.FromDayNumber(value)
            : throw Fault(column, $"a day written yyyy-MM-dd is needed ({code.Text()})");
    }

    public bool Flag(DimensionColumn column) =>
        Text(column).ToLower(CultureInfo.InvariantCulture) switch
        {
            "true" or "t" or "yes" or "y" or "1" => true,
            "false" or "f" or "no" or "n" or "0" => false,
            _ => throw Fault(column, "true or false is needed"),
        };

    /// <summary>The field without the blanks around it.</summary>
    public string Text(DimensionColumn column)
    {
        var text = fields[column].Trim();
        return text.Contains('\0', StringComparison.Ordinal) ? throw Fault(column, "a NUL character") : text;
    }

    public EtlException Fault(DimensionColumn column, string what) =>
        new(
            ErrorCode.SourceUnreadable,
            $"{file.FileName}, line {line}, column {column.Name}: {what}. The file is {file.Uri}.",
            "Correct the file, or remove it to have names and calendar computed, and run again; nothing was published."
        );
}
