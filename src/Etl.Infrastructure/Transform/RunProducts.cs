using Etl.Application.Extract;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Datasets;
using Etl.Infrastructure.Postgres;
using NpgsqlTypes;

namespace Etl.Infrastructure.Transform;

/// <summary>Table <c>products</c>: the names of the products file, and a plain name for every other product.</summary>
internal sealed class RunProducts(DatasetCatalog datasets, DimensionReader files)
{
    private readonly FieldType idType = datasets.TypeOf(IdOf.Product);

    private string Table =>
        $"""
            create table products (
              product_id {idType.SqlType} primary key,
              product_category text,
              product_name text not null,
              from_file boolean not null
            )
            """;

    public async Task WriteAsync(RunSession session, DimensionFiles dimensions, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync(Table, cancellationToken);
        if (dimensions.OfRun is { } other)
        {
            var theirs = Identifier.Quote(other.Schema, "products");
            await session.ExecuteAsync(
                $"insert into products select * from {theirs} where from_file",
                cancellationToken
            );
        }
        else if (dimensions.Products is { } file)
        {
            await CopyAsync(session, file, cancellationToken);
        }

        await session.ExecuteAsync(
            Intermediate.All.Single(i => i.Name == TransformPlan.Products).Sql,
            cancellationToken
        );
    }

    private async Task CopyAsync(RunSession session, SourceFile file, CancellationToken cancellationToken)
    {
        await using var copy = await session.Connection.BeginBinaryImportAsync(
            "copy products (product_id, product_category, product_name, from_file) from stdin (format binary)",
            cancellationToken
        );
        await foreach (var (id, category, name) in new ProductFile(files, idType).ReadAsync(file, cancellationToken))
        {
            // A product without a name gets its plain one with those that the file lacks.
            if (name.Length > 0)
            {
                await copy.StartRowAsync(cancellationToken);
                await copy.WriteAsync(id, idType.IsText ? NpgsqlDbType.Text : NpgsqlDbType.Bigint, cancellationToken);
                await copy.WriteAsync(category.Length > 0 ? category : null, NpgsqlDbType.Text, cancellationToken);
                await copy.WriteAsync(name, NpgsqlDbType.Text, cancellationToken);
                await copy.WriteAsync(true, NpgsqlDbType.Boolean, cancellationToken);
            }
        }

        await copy.CompleteAsync(cancellationToken);
    }
}
