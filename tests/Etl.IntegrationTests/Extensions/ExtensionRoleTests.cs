using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Npgsql;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Extensions;

/// <summary>Extensions with the separate roles of docs/roles.sql.</summary>
public sealed class ExtensionRoleTests(PostgresServer server)
{
    [Fact]
    public async Task The_migrator_creates_the_tables_the_loader_runs_and_both_can_try_the_statements()
    {
        CitusCluster.Excludes("roles are created on each node by hand");
        await using var own = await CreateAsync();
        var before = await TryAsync(own, "etl_loader");
        (await own.EtlOnAsync(As(own, "etl_loader"), "run", "--date", Workplace.Day)).ExitCode.ShouldBe(5);

        var migrated = await own.EtlOnAsync(As(own, "etl_migrator"), "migrate");
        migrated.ExitCode.ShouldBe(0, migrated.Error);
        var tried = (Migrator: await TryAsync(own, "etl_migrator"), Loader: await TryAsync(own, "etl_loader"));
        var run = await own.EtlOnAsync(As(own, "etl_loader"), "run", "--date", Workplace.Day);

        const string Ok = "ok: 3 files: all statements run on empty tables";
        (before, tried.Migrator, tried.Loader).ShouldBe((Ok, Ok, Ok));
        run.ExitCode.ShouldBe(0, run.Error);
        await using var reader = NpgsqlDataSource.Create(As(own, "etl_reader"));
        foreach (var table in new[] { "staging.returns", "analytics.returns_by_month" })
        {
            await using var command = reader.CreateCommand($"select count(*) > 0 from {table}");
            (await command.ExecuteScalarAsync()).ShouldBe(true, table);
        }
    }

    [Fact]
    public async Task A_role_without_the_privilege_gets_that_as_the_error_and_the_loader_finds_a_wrong_statement()
    {
        CitusCluster.Excludes("roles are created on each node by hand");
        await using var own = await CreateAsync();
        (await own.EtlOnAsync(As(own, "etl_migrator"), "migrate")).ExitCode.ShouldBe(0);

        (await TryAsync(own, "etl_reader")).ShouldStartWith(
            "error: Could not try the extensions: the user lacks a privilege. PostgreSQL reported 'permission denied for database"
        );

        await own.WriteAsync(
            "marts/returns_by_month.sql",
            Extended.Mart.Replace("sum(refund)", "sum(refunds)", StringComparison.Ordinal)
        );
        (await TryAsync(own, "etl_loader")).ShouldStartWith(
            $"error: {Path.Combine(own.Folder, "marts/returns_by_month.sql")}, line 9, column 7: PostgreSQL reported 'column"
        );
        (
            await own.Place.QueryAsync<bool>(
                "select count(*) = 0 from pg_namespace where nspname = 'etl_extension_trial'"
            )
        ).ShouldBeTrue();
    }

    private async Task<Extended> CreateAsync()
    {
        var own = await Extended.CreateAsync(server);
        await own.Place.Database.ExecuteAsync(
            await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "roles.sql"))
        );
        return own;
    }

    /// <summary>Level and message of the doctor's check of the extensions.</summary>
    private static async Task<string> TryAsync(Extended own, string role)
    {
        var doctor = await own.EtlOnAsync(As(own, role), "doctor", "--date", Workplace.Day);
        var check = doctor
            .Json.GetProperty("checks")
            .EnumerateArray()
            .Single(c => c.GetProperty("name").GetString() == "extensions");
        return $"{check.GetProperty("level")}: {check.GetProperty("message")}";
    }

    private static string As(Extended own, string role) =>
        new NpgsqlConnectionStringBuilder(own.Place.Connection) { Options = $"-c role={role}" }.ConnectionString;
}
