using Etl.Application.Extract;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Datasets;
using Etl.Infrastructure.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace Etl.Infrastructure.Transform;

/// <summary>Table <c>products</c>: the names of the products file, and a plain name for every other product.</summary>
internal sealed class RunProducts(DatasetCatalog datasets, DimensionReader files)
{
    private readonly FieldType idType = datasets.TypeOf(IdOf.Product);

    /// <summary>Creates the table, without its key: an index in place costs more than the rows.</summary>
    public static string TableFor(FieldType idType) =>
        $"""
            create table products (
              product_id {idType.SqlType} not null,
              product_category text,
              product_name text not null,
              from_file boolean not null,
              is_repeated boolean not null default false
            )
            """;

    public async Task WriteAsync(RunSession session, DimensionFiles dimensions, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync(TableFor(idType), cancellationToken);
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
        await session.ExecuteAsync("alter table products add primary key (product_id)", cancellationToken);
    }

    private async Task CopyAsync(RunSession session, SourceFile file, CancellationToken cancellationToken)
    {
        var type = idType.IsText ? NpgsqlDbType.Text : NpgsqlDbType.Bigint;
        var repeated = await CopyRowsAsync(session, file, type, cancellationToken);
        if (repeated.Count > 0)
        {
            await using var command = session.Command(
                "update products set is_repeated = true where product_id = any($1)"
            );
            command.Parameters.Add(
                new NpgsqlParameter { Value = repeated.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type }
            );
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private async Task<IReadOnlyCollection<object>> CopyRowsAsync(
        RunSession session,
        SourceFile file,
        NpgsqlDbType type,
        CancellationToken cancellationToken
    )
    {
        await using var copy = await session.Connection.BeginBinaryImportAsync(
            "copy products (product_id, product_category, product_name, from_file) from stdin (format binary)",
            cancellationToken
        );
        var repeated = await new ProductFile(files).ReadAsync(file, WriteAsync, cancellationToken);
        await copy.CompleteAsync(cancellationToken);
        return repeated;

        async ValueTask WriteAsync(Product product)
        {
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(product.Id, type, cancellationToken);
            await copy.WriteAsync(product.Category, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(product.Name, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(true, NpgsqlDbType.Boolean, cancellationToken);
        }
    }
}
