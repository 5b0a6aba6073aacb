using Etl.Domain.Datasets;
using Etl.Infrastructure.Stage.Csv;

namespace Etl.Infrastructure.Stage.Copy;

/// <summary>Encodes rows for COPY.</summary>
/// <param name="columns">How the values of each column are written.</param>
internal sealed class RowWriter(params IEnumerable<CopyEncoding> columns)
{
    private readonly CopyEncoding[] encodings = [.. columns];

    /// <summary>For the checked rows of a dataset.</summary>
    public RowWriter(Dataset dataset)
        : this(dataset.Columns.Select(c => c.Type.Copy)) { }

    public void Write(CopyBuffer to, ReadOnlySpan<long> row, ReadOnlySpan<byte> text)
    {
        to.BeginRow(encodings.Length);
        for (var i = 0; i < encodings.Length; i++)
        {
            var value = row[i];
            if (value == Row.Null)
            {
                to.Null();
                continue;
            }

            switch (encodings[i])
            {
                case CopyEncoding.EightBytes:
                    to.Int64(value);
                    break;
                case CopyEncoding.Date:
                    to.Date((int)value);
                    break;
                case CopyEncoding.Hundredths:
                    to.Amount(value);
                    break;
                case CopyEncoding.FourBytes:
                    to.Int32((int)value);
                    break;
                case CopyEncoding.TwoBytes:
                    to.Int16((short)value);
                    break;
                case CopyEncoding.Text:
                    to.Bytes(Row.TextOf(value, text));
                    break;
            }
        }
    }
}
