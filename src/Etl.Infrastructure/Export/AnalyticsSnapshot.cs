using System.Globalization;
using CsvHelper;
using Etl.Application.Export;
using Etl.Domain.Analytics;
using Etl.Infrastructure.Postgres;
using Npgsql;

namespace Etl.Infrastructure.Export;

/// <summary>The published tables in one transaction; rows are streamed from the server to the destination.</summary>
internal sealed class AnalyticsSnapshot(
    NpgsqlDataSource database,
    NpgsqlConnection connection,
    NpgsqlTransaction transaction,
    SchemaOptions schemas
) : IAnalyticsSnapshot
{
    private static readonly CsvWriterOptions Dialect = new()
    {
        NewLine = "\n",
        TrueValue = "true",
        FalseValue = "false",
        Quoting = CsvQuoting.WhenNeededOrWhitespace,
    };

    public Task<WrittenTable> WriteCsvAsync(Mart table, Stream destination, CancellationToken cancellationToken) =>
        database.GuardAsync(
            $"export {schemas.AnalyticsTable(table.Name)}",
            () => WriteCoreAsync(table, destination, cancellationToken)
        );

    public Task<WrittenTable> WriteParquetAsync(Mart table, Stream destination, CancellationToken cancellationToken) =>
        database.GuardAsync(
            $"export {schemas.AnalyticsTable(table.Name)}",
            async () =>
            {
                var query = await QueryAsync(table, cancellationToken);
                await using var command = new NpgsqlCommand(query, connection, transaction);
                await using var reader = await command.ExecuteReaderAsync(cancellationToken);
                return await ParquetFile.WriteAsync(reader, table, destination, cancellationToken);
            }
        );

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }

    private async Task<WrittenTable> WriteCoreAsync(Mart table, Stream destination, CancellationToken token)
    {
        await using var command = new NpgsqlCommand(await QueryAsync(table, token), connection, transaction);
        await using var reader = await command.ExecuteReaderAsync(token);
        await using var csv = CsvWriter.Create(destination, Dialect, leaveOpen: true);
        var columns = Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToList();
        var ids = table.Columns.Where(c => c.Id is not null).Select(c => c.Name).ToHashSet();
        var isId = columns.ConvertAll(ids.Contains);
        columns.ForEach(csv.WriteField);
        await csv.EndRecordAsync(token);
        var rows = 0L;
        for (; await reader.ReadAsync(token); rows++)
        {
            for (var i = 0; i < columns.Count; i++)
            {
                WriteField(csv, reader.GetValue(i), isId[i]);
            }

            await csv.EndRecordAsync(token);
        }

        await csv.FlushAsync(token);
        return new WrittenTable(rows, columns);
    }

    private static void WriteField(CsvWriter csv, object value, bool isId)
    {
        switch (value)
        {
            case DBNull:
                csv.WriteField("");
                break;
            case string text:
                csv.WriteField(isId ? text : EscapeFormula(text));
                break;
            case bool flag:
                csv.WriteField(flag);
                break;
            case decimal amount:
                csv.WriteField(amount, "0.00", CultureInfo.InvariantCulture);
                break;
            case DateOnly day:
                csv.WriteField(day);
                break;
            case DateTime day:
                csv.WriteField(DateOnly.FromDateTime(day));
                break;
            case long number:
                csv.WriteField(number, default, CultureInfo.InvariantCulture);
                break;
            case int number:
                csv.WriteField(number, default, CultureInfo.InvariantCulture);
                break;
            default:
                throw new NotSupportedException($"Exports do not support values of type {value.GetType().Name}.");
        }
    }

    /// <summary>
    /// Prevents formula injection: spreadsheets evaluate a cell that starts like a formula, and an apostrophe makes it text.
    /// An id stays as it is: with an apostrophe it would no longer join. The CSV library's own guard is not used because it also quotes the cell.
    /// </summary>
    private static string EscapeFormula(string text) =>
        text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' ? $"'{text}" : text;

    /// <summary>Orders text columns by collation "C", so that exports do not depend on the database's collation.</summary>
    private async Task<string> QueryAsync(Mart table, CancellationToken token)
    {
        var name = Identifier.Quote(schemas.Analytics, table.Name);
        var keys = table.Key.Select(Identifier.Quote).ToList();
        await using var command = new NpgsqlCommand(
            $"select {string.Join(", ", keys)} from {name} limit 0",
            connection,
            transaction
        );
        await using var reader = await command.ExecuteReaderAsync(token);
        var order = keys.Select((key, i) => reader.GetFieldType(i) == typeof(string) ? $"{key} collate \"C\"" : key);
        return $"select * from {name} order by {string.Join(", ", order)}";
    }
}
