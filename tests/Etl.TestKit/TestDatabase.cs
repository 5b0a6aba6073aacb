using Npgsql;

namespace Etl.TestKit;

/// <summary>A database of one test; dropped when disposed.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly Func<string, Task> drop;
    private readonly string name;

    internal TestDatabase(string name, string connectionString, Func<string, Task> drop)
    {
        this.name = name;
        this.drop = drop;
        ConnectionString = connectionString;
        Nodes = [connectionString];
        DataSource = NpgsqlDataSource.Create(connectionString);
    }

    /// <summary>Npgsql keywords; the role is a superuser.</summary>
    public string ConnectionString { get; }

    /// <summary>The connection strings of all servers that have a part of it, the one of <see cref="ConnectionString"/> first.</summary>
    public IReadOnlyList<string> Nodes { get; init; }

    /// <summary>A pool of its own.</summary>
    public NpgsqlDataSource DataSource { get; }

    /// <summary>Runs statements.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var command = DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The rows of a query of text columns, values separated by <c>|</c>, NULL as empty.</summary>
    public async Task<IReadOnlyList<string>> QueryAsync(string sql)
    {
        await using var command = DataSource.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            var values = Enumerable.Range(0, reader.FieldCount);
            rows.Add(string.Join('|', values.Select(i => reader.IsDBNull(i) ? "" : reader.GetString(i))));
        }

        return rows;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await drop(name);
    }
}
