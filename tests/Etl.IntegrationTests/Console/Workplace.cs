using Etl.Hosts.Console.Samples;
using Etl.TestKit;
using Npgsql;

namespace Etl.IntegrationTests.Console;

/// <summary>A folder with the files of a day and a lake, and a database: all that a run needs. Deleted at the end.</summary>
internal sealed class Workplace : IAsyncDisposable
{
    public const string Day = "2025-06-30";

    private readonly TestDatabase database;

    private Workplace(TestDatabase database, string? source)
    {
        this.database = database;
        Folder = Directory.CreateTempSubdirectory("etl-console-").FullName;
        Source = source ?? Path.Combine(Folder, "source");
        if (source is null)
        {
            SampleWriter.Write(new SampleOptions(Source, Orders: 2000), CancellationToken.None);
        }
    }

    public string Folder { get; }

    public string Connection => database.ConnectionString;

    public TestDatabase Database => database;

    public string Source { get; }

    public string Lake => Path.Combine(Folder, "lake");

    /// <summary>With the files of a small shop, or of the given folder; the database is empty or migrated.</summary>
    public static async Task<Workplace> CreateAsync(
        PostgresServer server,
        string? source = null,
        bool migrated = false
    ) => new(await server.CreateDatabaseAsync(migrated), source);

    /// <summary>With a database of another server.</summary>
    public static Workplace On(TestDatabase database, string? source = null) => new(database, source);

    public string SourceFile(string name) => Path.Combine(Source, name);

    /// <summary>A run of the day, with more arguments.</summary>
    public Task<EtlProcess> RunAsync(params string[] more) => RunOnAsync(database.ConnectionString, more);

    public Task<EtlProcess> RunOnAsync(string connection, params string[] more) =>
        EtlProcess.RunAsync(Folder, RunLine(connection, more));

    public string[] RunLine(params string[] more) => RunLine(database.ConnectionString, more);

    /// <summary>Name and bytes of every file of a run's export, without the report, which contains times.</summary>
    public Dictionary<string, byte[]> Exported(string run) =>
        Directory
            .GetFiles(Path.Combine(Lake, "analytics_export", $"business_date={Day}", $"run={run}"))
            .Where(f => !f.EndsWith(".html", StringComparison.Ordinal))
            .ToDictionary(f => Path.GetFileName(f), File.ReadAllBytes);

    public async Task<T> QueryAsync<T>(string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task<List<string>> RowsAsync(string table)
    {
        await using var command = database.DataSource.CreateCommand($"select t::text from {table} t order by 1");
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }

    /// <summary>A transaction that executed a statement and stays open until it is disposed.</summary>
    public async Task<IAsyncDisposable> HoldAsync(string sql)
    {
        var connection = await database.DataSource.OpenConnectionAsync();
        await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private string[] RunLine(string connection, string[] more)
    {
        string[] line = ["run", "--connection", connection, "--json"];
        string[] lake = more.Contains("--lake") ? [] : ["--lake", Lake];
        string[] source = more.Contains("--source") ? [] : ["--source", Source];
        string[] date = more.Contains("--date") || more.Contains("--at") ? [] : ["--date", Day];
        return [.. line, .. lake, .. source, .. date, .. more];
    }
}
