using Npgsql;

namespace Etl.Infrastructure.Ledger;

/// <summary>Reads columns of a row by name, as the domain's types.</summary>
internal static class LedgerColumns
{
    public static string Text(this NpgsqlDataReader row, string column) => row.GetString(row.GetOrdinal(column));

    public static string? TextOrNull(this NpgsqlDataReader row, string column) =>
        row.IsDBNull(row.GetOrdinal(column)) ? null : row.Text(column);

    public static long Count(this NpgsqlDataReader row, string column) => row.GetInt64(row.GetOrdinal(column));

    public static DateOnly Day(this NpgsqlDataReader row, string column) =>
        DateOnly.FromDateTime(row.GetDateTime(row.GetOrdinal(column)));

    public static DateTimeOffset Time(this NpgsqlDataReader row, string column) =>
        new(row.GetDateTime(row.GetOrdinal(column)));

    public static DateTimeOffset? TimeOrNull(this NpgsqlDataReader row, string column) =>
        row.IsDBNull(row.GetOrdinal(column)) ? null : row.Time(column);
}
