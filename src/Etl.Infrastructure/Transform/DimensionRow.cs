using System.Text;
using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Domain.Datasets;
using Etl.Infrastructure.Stage.Csv;

namespace Etl.Infrastructure.Transform;

/// <summary>One row of an optional file: a number, a day or a text for each column, or null.</summary>
internal sealed class DimensionRow(Dataset dataset, SourceFile file, long line, object?[] values)
{
    /// <summary>The value of a column.</summary>
    public object? this[string column] => values[dataset.Columns.Select(c => c.Name).ToList().IndexOf(column)];

    /// <summary>Copies a row out of the reader's buffers.</summary>
    public static DimensionRow Of(
        Dataset dataset,
        SourceFile file,
        long line,
        ReadOnlySpan<long> row,
        ReadOnlySpan<byte> text
    )
    {
        var values = new object?[row.Length];
        for (var i = 0; i < row.Length; i++)
        {
            var type = dataset.Columns[i].Type;
            values[i] =
                row[i] == Row.Null ? null
                : type.IsText ? Encoding.UTF8.GetString(Row.TextOf(row[i], text))
                : type == FieldType.Date ? DateOnly.FromDayNumber((int)row[i])
                : row[i];
        }

        return new DimensionRow(dataset, file, line, values);
    }

    public EtlException Fault(string what) => DimensionErrors.Row(file, line, what);
}
