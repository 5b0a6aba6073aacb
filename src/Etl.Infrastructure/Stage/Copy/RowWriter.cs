using Etl.Domain.Datasets;
using Etl.Infrastructure.Stage.Csv;

namespace Etl.Infrastructure.Stage.Copy;

/// <summary>Encodes checked rows of a dataset for COPY.</summary>
internal sealed class RowWriter(Dataset dataset)
{
    private readonly FieldKind[] kinds = [.. dataset.Columns.Select(c => c.Kind)];

    public void Write(CopyBuffer to, ReadOnlySpan<long> row)
    {
        to.BeginRow(kinds.Length);
        for (var i = 0; i < kinds.Length; i++)
        {
            var value = row[i];
            if (value == Row.Null)
            {
                to.Null();
                continue;
            }

            switch (kinds[i])
            {
                case FieldKind.Id:
                    to.Int64(value);
                    break;
                case FieldKind.Date:
                    to.Date((int)value);
                    break;
                case FieldKind.Money:
                    to.Amount(value);
                    break;
                case FieldKind.Quantity:
                    to.Int32((int)value);
                    break;
                case FieldKind.Stars:
                    to.Int16((short)value);
                    break;
            }
        }
    }
}
