using Npgsql;

namespace Etl.Infrastructure.Ledger;

/// <summary>Columns of a row by their names, as the domain's types.</summary>
internal static class LedgerColumns
{
    public static string Text(this NpgsqlDataReader row, string column) => row.GetString(row.GetOrdinal(column));

    public static string? TextOrNull(this NpgsqlDataReader row, string column) =>
        row.IsDBNull(row.GetOrdinal(column)) ? null : row.Text(column);

    public static long Count(this NpgsqlDataReader row, string column) => row.GetInt64(row.GetOrdinal(column));

    public static DateOnly Day(this NpgsqlDataReader row, string column) =>
        DateOnly.FromDateTime(row.GetDateTime(row.GetOrdinal(column)));

    public static DateTimeOffset Moment(this NpgsqlDataReader row, string column) =>
        new(row.GetDateTime(row.GetOrdinal(column)));

    public static DateTimeOffset? MomentOrNull(this NpgsqlDataReader row, string column) =>
        row.IsDBNull(row.GetOrdinal(column)) ? null : row.Moment(column);
}
