using Etl.Application.Runs;

namespace Etl.Infrastructure.Transform;

/// <summary>Reads <c>dim_products.csv</c>.</summary>
internal sealed class ProductFile(DimensionReader files)
{
    /// <summary>Passes on each product that has a name, once.</summary>
    /// <param name="file">The pinned file.</param>
    /// <param name="take">Takes a product.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <returns>The IDs that the file lists again; the first name of each was passed on.</returns>
    /// <exception cref="Application.Errors.EtlException">A wrong header or row.</exception>
    public async Task<IReadOnlyCollection<object>> ReadAsync(
        SourceFile file,
        Func<Product, ValueTask> take,
        CancellationToken cancellationToken
    )
    {
        var seen = new HashSet<object>();
        var repeated = new HashSet<object>();
        await files.ReadAsync(files.Datasets.Products, file, TakeAsync, cancellationToken);
        return repeated;

        async ValueTask TakeAsync(DimensionRow row)
        {
            var id = row["product_id"]!;
            // A product without a name gets its plain one with those that the file lacks.
            if (row["product_name"] is not string name)
            {
                return;
            }

            if (seen.Add(id))
            {
                await take(new Product(id, (string?)row["product_category"], name));
            }
            else
            {
                repeated.Add(id);
            }
        }
    }
}

/// <summary>A product of the file.</summary>
/// <param name="Id">A number or a text.</param>
/// <param name="Category">Its category, or null.</param>
/// <param name="Name">Its name.</param>
internal sealed record Product(object Id, string? Category, string Name);
