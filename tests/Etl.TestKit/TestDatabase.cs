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
        DataSource = NpgsqlDataSource.Create(connectionString);
    }

    /// <summary>Npgsql keywords; the role is a superuser of the private server.</summary>
    public string ConnectionString { get; }

    /// <summary>A pool of its own.</summary>
    public NpgsqlDataSource DataSource { get; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await drop(name);
    }
}
