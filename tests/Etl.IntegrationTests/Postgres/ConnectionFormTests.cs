using Etl.Infrastructure.Postgres;
using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Npgsql;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Postgres;

/// <summary>Each form of a connection string, on a server that asks for a password.</summary>
public sealed class ConnectionFormTests : IAsyncLifetime
{
    private const string Password = "p@ss/w0rd?a#b:c'd\\e f;g=h";

    private readonly PostgresServer server = new() { OnLoopback = true };

    public ValueTask InitializeAsync() => server.InitializeAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Every_form_connects_with_a_password_of_reserved_characters()
    {
        await using var database = await server.CreateDatabaseAsync(migrated: false);
        await database.ExecuteAsync("create role form_loader login password 'p@ss/w0rd?a#b:c''d\\e f;g=h'");
        var to = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        foreach (
            var text in new[]
            {
                $"Host={to.Host};Port={to.Port};Username=form_loader;Password=\"{Password}\";Database={to.Database}",
                $"host={to.Host} port={to.Port} user=form_loader dbname={to.Database} "
                    + @"password='p@ss/w0rd?a#b:c\'d\\e f;g=h'",
                $@"host={to.Host} port={to.Port} user=form_loader password=p@ss/w0rd?a#b:c\'d\\e\ f;g=h dbname={to.Database}",
                $"postgresql://form_loader:{Password}@{to.Host}:{to.Port}/{to.Database}",
                $"postgresql://form_loader:{Uri.EscapeDataString(Password)}@{to.Host}:{to.Port}/{to.Database}",
            }
        )
        {
            await using var source = PostgresDataSource.Open(new PostgresOptions { ConnectionString = text });
            await using var command = source.CreateCommand("select session_user::text");
            (await command.ExecuteScalarAsync()).ShouldBe("form_loader", text);
        }
    }

    [Fact]
    public async Task A_command_takes_the_form_of_libpq()
    {
        await using var database = await server.CreateDatabaseAsync(migrated: false);
        var to = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        var text = $"host='{to.Host}' port={to.Port} user={to.Username} dbname={to.Database} passfile='{to.Passfile}'";
        var folder = Directory.CreateTempSubdirectory("etl-form-").FullName;
        try
        {
            var migrated = await EtlProcess.RunAsync(folder, "migrate", "--json", "--connection", text);
            migrated.ExitCode.ShouldBe(0, migrated.Error);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_wrong_password_is_refused_without_being_shown()
    {
        await using var database = await server.CreateDatabaseAsync(migrated: false);
        await database.ExecuteAsync("create role form_reader login password 'another'");
        var to = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        var text = $"postgresql://form_reader:hunter22@secret/x@{to.Host}:{to.Port}/{to.Database}";
        var run = await EtlProcess.RunAsync(Path.GetTempPath(), "runs", "--json", "--verbose", "--connection", text);
        run.ExitCode.ShouldBe(5, run.Error);
        (run.Out + run.Error).ShouldNotContain("hunter22");
        (run.Out + run.Error).ShouldNotContain("secret/x");
    }
}
