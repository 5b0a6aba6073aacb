using System.Globalization;
using CsvHelper;
using Etl.Application.Export;
using Etl.Domain.Analytics;
using Etl.Infrastructure.Postgres;
using Npgsql;

namespace Etl.Infrastructure.Export;

/// <summary>One view of the published tables; a row at a time goes from the server to the stream.</summary>
internal sealed class AnalyticsSnapshot(
    NpgsqlDataSource database,
    NpgsqlConnection connection,
    NpgsqlTransaction transaction
) : IAnalyticsSnapshot
{
    private static readonly CsvWriterOptions Dialect = new()
    {
        NewLine = "\n",
        TrueValue = "true",
        FalseValue = "false",
        Quoting = CsvQuoting.WhenNeededOrWhitespace,
    };

    public Task<CsvTable> WriteCsvAsync(Mart table, Stream destination, CancellationToken cancellationToken) =>
        database.GuardAsync(
            $"export analytics.{table.Name}",
            () => WriteCoreAsync(table, destination, cancellationToken)
        );

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }

    private async Task<CsvTable> WriteCoreAsync(Mart table, Stream destination, CancellationToken token)
    {
        await using var command = new NpgsqlCommand(await QueryAsync(table, token), connection, transaction);
        await using var reader = await command.ExecuteReaderAsync(token);
        await using var csv = CsvWriter.Create(destination, Dialect, leaveOpen: true);
        var columns = Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToList();
        columns.ForEach(csv.WriteField);
        await csv.EndRecordAsync(token);
        var rows = 0L;
        for (; await reader.ReadAsync(token); rows++)
        {
            for (var i = 0; i < columns.Count; i++)
            {
                WriteField(csv, reader.GetValue(i));
            }

            await csv.EndRecordAsync(token);
        }

        await csv.FlushAsync(token);
        return new CsvTable(rows, columns);
    }

    private static void WriteField(CsvWriter csv, object value)
    {
        switch (value)
        {
            case DBNull:
                csv.WriteField("");
                break;
            case string text:
                csv.WriteField(Guard(text));
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
                throw new NotSupportedException($"A value of {value.GetType().Name} has no place in an export.");
        }
    }

    /// <summary>
    /// A spreadsheet runs a cell that begins like a formula, whoever wrote it: an apostrophe before it makes it text. The CSV
    /// library's own guard would quote the cell too, needed or not.
    /// </summary>
    private static string Guard(string text) =>
        text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' ? $"'{text}" : text;

    /// <summary>Texts are ordered by their bytes, whatever language the database speaks.</summary>
    private async Task<string> QueryAsync(Mart table, CancellationToken token)
    {
        var name = Identifier.Quote("analytics", table.Name);
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
