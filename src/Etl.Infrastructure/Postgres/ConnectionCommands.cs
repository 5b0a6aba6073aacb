using Npgsql;

namespace Etl.Infrastructure.Postgres;

/// <summary>
/// Statements on an open connection. They have no time limit of their own: the run's deadline ends them through the token.
/// Values are parameters $1, $2, …; names in the text are quoted by <see cref="Identifier"/>.
/// </summary>
internal static class ConnectionCommands
{
    public static Task ExecuteSqlAsync(
        this NpgsqlConnection connection,
        string sql,
        CancellationToken cancellationToken
    ) => connection.ExecuteSqlAsync(sql, [], cancellationToken);

    public static async Task ExecuteSqlAsync(
        this NpgsqlConnection connection,
        string sql,
        IEnumerable<object?> values,
        CancellationToken cancellationToken
    )
    {
        await using var command = connection.Command(sql, values);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The first value of the first row; null where there is none.</summary>
    public static async Task<T?> ReadValueAsync<T>(
        this NpgsqlConnection connection,
        string sql,
        IEnumerable<object?> values,
        CancellationToken cancellationToken
    )
    {
        await using var command = connection.Command(sql, values);
        return await command.ExecuteScalarAsync(cancellationToken) is T value ? value : default;
    }

    /// <summary>All rows, in the order of the statement.</summary>
    public static async Task<List<T>> ReadRowsAsync<T>(
        this NpgsqlConnection connection,
        string sql,
        IEnumerable<object?> values,
        Func<NpgsqlDataReader, T> read,
        CancellationToken cancellationToken
    )
    {
        await using var command = connection.Command(sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private static NpgsqlCommand Command(this NpgsqlConnection connection, string sql, IEnumerable<object?> values)
    {
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        }

        return command;
    }
}
