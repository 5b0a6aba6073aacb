using System.Runtime.CompilerServices;
using Etl.Application.Runs;
using Etl.Domain.Datasets;

namespace Etl.Infrastructure.Transform;

/// <summary>Reads <c>dim_products.csv</c>.</summary>
internal sealed class ProductFile(DimensionReader files, FieldType idType)
{
    private static readonly DimensionColumn Id = new("product_id");
    private static readonly DimensionColumn Category = new("product_category");
    private static readonly DimensionColumn Name = new("product_name");

    /// <summary>The file's products in its order; an id is a number or text, a name or category can be empty.</summary>
    /// <exception cref="Application.Errors.EtlException">A wrong header or record, or a product twice.</exception>
    public async IAsyncEnumerable<(object Id, string Category, string Name)> ReadAsync(
        SourceFile file,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var seen = new HashSet<object>();
        await foreach (var row in files.ReadAsync(file, [Id, Category, Name], cancellationToken))
        {
            var id = idType.IsText ? (object)row.TextId(Id) : row.Id(Id);
            if (!seen.Add(id))
            {
                throw row.Fault(Id, $"product {id} appears a second time");
            }

            yield return (id, row.Text(Category), row.Text(Name));
        }
    }
}
