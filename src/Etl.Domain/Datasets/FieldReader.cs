namespace Etl.Domain.Datasets;

/// <summary>Reads the fields of a column of a file with a declared format. Compiled once per file; not thread-safe.</summary>
public abstract class FieldReader
{
    /// <summary>How values are written, as the end of a message; null for the standard form.</summary>
    public abstract string? Written { get; }

    /// <summary>Reads a field as <see cref="FieldRules.Read"/> does.</summary>
    /// <param name="field">The value, without blanks around it.</param>
    /// <param name="value">The value of the row.</param>
    public abstract RejectCode Read(ReadOnlySpan<byte> field, out long value);

    /// <summary>The reader of a column in a format; null where the standard rule of its type reads it.</summary>
    public static FieldReader? Of(Column column, FileFormat format)
    {
        FieldReader? reader = column.Type.Rule switch
        {
            FieldRule.Text or FieldRule.TextId => null,
            FieldRule.Date => DateReader.Of(format),
            _ => NumberReader.Of(column.Type.Rule, format),
        };
        return column.HasBounds ? new BoundedReader(column, reader) : reader;
    }
}
