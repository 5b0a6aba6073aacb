using Etl.Application.Runs;
using Etl.Domain.Datasets;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>Counts the values of each column that were read although they have another form.</summary>
internal sealed class FormTally(Dataset dataset)
{
    private readonly long[] counts = new long[dataset.Columns.Count];
    private readonly string[] examples = new string[dataset.Columns.Count];

    public IReadOnlyList<ValueForm> All =>
        [
            .. dataset
                .Columns.Select((c, i) => new ValueForm(c.Name, counts[i], examples[i]))
                .Where(form => form.Count > 0),
        ];

    public void Count(int column, ReadOnlySpan<byte> value)
    {
        if (counts[column]++ == 0)
        {
            examples[column] = Excerpt.Of(value);
        }
    }
}
