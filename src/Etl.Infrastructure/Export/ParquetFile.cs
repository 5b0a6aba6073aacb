using Etl.Application.Export;
using Etl.Domain.Analytics;
using Npgsql;
using Parquet;

namespace Etl.Infrastructure.Export;

/// <summary>
/// Writes rows as Parquet, with the columns that the table declares. Memory is bounded by a row group. The same rows give
/// the same bytes: the file has no timestamp and no name of the host.
/// </summary>
internal static class ParquetFile
{
    /// <summary>Large enough to compress, small enough for a function with little memory.</summary>
    public const int RowGroupRows = 50_000;

    private static readonly ParquetOptions Options = new() { CompressionMethod = CompressionMethod.Snappy };

    public static async Task<WrittenTable> WriteAsync(
        NpgsqlDataReader reader,
        Mart table,
        Stream destination,
        CancellationToken cancellationToken
    )
    {
        List<ParquetColumn> columns =
        [
            .. table.Columns.Select(c => ParquetColumn.Of(c.Name, c.TypeName, reader.GetOrdinal(c.Name))),
        ];
        await using var file = await ParquetWriter.CreateAsync(
            new(columns.Select(c => c.Field)),
            destination,
            Options,
            cancellationToken: cancellationToken
        );
        var rows = 0L;
        while (await ReadGroupAsync(reader, columns, cancellationToken) is var count and > 0)
        {
            using var group = file.CreateRowGroup();
            foreach (var column in columns)
            {
                await column.WriteAsync(group, cancellationToken);
            }

            rows += count;
        }

        return new WrittenTable(rows, [.. columns.Select(c => c.Field.Name)]);
    }

    private static async Task<int> ReadGroupAsync(
        NpgsqlDataReader reader,
        List<ParquetColumn> columns,
        CancellationToken cancellationToken
    )
    {
        var rows = 0;
        for (; rows < RowGroupRows && await reader.ReadAsync(cancellationToken); rows++)
        {
            foreach (var column in columns)
            {
                column.Add(reader);
            }
        }

        return rows;
    }
}
