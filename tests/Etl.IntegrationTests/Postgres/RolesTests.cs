using Etl.Application;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Infrastructure;
using Etl.TestKit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Postgres;

public sealed class RolesTests(PostgresServer server) : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("etl-roles-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("roles first")]
    [InlineData("roles after a migration by another user")]
    public async Task Each_role_has_the_privileges_it_needs_and_no_more(string order)
    {
        CitusCluster.Excludes("roles are created on each node by hand");
        await using var database = await server.CreateDatabaseAsync(migrated: order != "roles first");
        await ReadAsync(database.ConnectionString, await File.ReadAllTextAsync(RolesFile("roles.sql")));
        await ReadAsync(database.ConnectionString, await File.ReadAllTextAsync(RolesFile("roles.sql")));
        await using (var migrator = Services(As(database, "etl_migrator")))
        {
            await migrator.GetRequiredService<ILedgerMigrations>().MigrateAsync(default);
        }

        await using var loader = Services(As(database, "etl_loader"));
        await RunAsync(loader, false, true, true, true);

        var reader = As(database, "etl_reader");
        (await ReadAsync(reader, "select count(*) from staging.orders")).ShouldBe(2L);
        (await ReadAsync(reader, "select count(*) from analytics.agg_shipments")).ShouldBe(1L);
        var partition = await ReadAsync(
            database.ConnectionString,
            "select inhrelid::regclass::text from pg_inherits where inhparent = 'store.orders'::regclass"
        );
        await DeniedAsync(reader, $"select count(*) from {partition}");
        await DeniedAsync(reader, "select count(*) from store.orders");
        await DeniedAsync(reader, "select count(*) from store.published");
        await DeniedAsync(reader, "select count(*) from etl.runs");
        await DeniedAsync(reader, "delete from analytics.agg_shipments");
        await ReadAsync(
            database.ConnectionString,
            "alter table store.orders enable row level security; "
                + "create policy own on store.orders to etl_views using (order_id = 1 and current_user = 'etl_reader')"
        );
        (await ReadAsync(reader, "select count(*) from staging.orders")).ShouldBe(1L);
        await DeniedAsync(As(database, "etl_loader"), "drop table analytics.agg_shipments");
        await DeniedAsync(As(database, "etl_loader"), "alter table etl.runs add column mine text");
    }

    [Fact]
    public async Task The_one_role_of_a_deployment_migrates_and_loads_by_itself_and_logs_in_by_token()
    {
        CitusCluster.Excludes("roles are created on each node by hand");
        await using var database = await server.CreateDatabaseAsync(migrated: false);
        await ReadAsync(
            database.ConnectionString,
            "do $$ begin if to_regrole('rds_iam') is null then create role rds_iam; end if; end $$"
        );
        var roles = await File.ReadAllTextAsync(RolesFile("roles-iam.sql"));
        await ReadAsync(database.ConnectionString, roles);
        await ReadAsync(database.ConnectionString, roles);
        const string Members =
            "select string_agg(m.rolname, ',') from pg_auth_members a join pg_roles m on m.oid = a.member where a.roleid = '{0}'::regrole";
        (
            await ReadAsync(database.ConnectionString, Members.Replace("{0}", "rds_iam", StringComparison.Ordinal))
        ).ShouldBe("etl_loader");
        (
            await ReadAsync(database.ConnectionString, Members.Replace("{0}", "etl_loader", StringComparison.Ordinal))
        ).ShouldBe(DBNull.Value);

        await using var loader = Services(As(database, "etl_loader"));
        await RunAsync(loader, false, true);

        var reader = As(database, "etl_reader");
        (await ReadAsync(reader, "select count(*) from staging.orders")).ShouldBe(2L);
        (await ReadAsync(reader, "select count(*) from analytics.agg_shipments")).ShouldBe(1L);
        await DeniedAsync(reader, "select count(*) from etl.runs");
        await DeniedAsync(As(database, "etl_loader"), "create role another");
    }

    [Theory]
    [InlineData("roles.sql")]
    [InlineData("roles-iam.sql")]
    public async Task The_master_user_creates_the_roles_and_can_still_log_in_with_its_password(string file)
    {
        await using var own = new PostgresServer { OnLoopback = true };
        await RolesOfMasterAsync(own, file);
    }

    /// <summary>
    /// The master user of RDS may create roles and owns the database, but is no superuser. Members of <c>rds_iam</c>, also
    /// indirect ones, log in with a token only.
    /// </summary>
    /// <param name="own">A server without the documented roles, which all databases of a server share.</param>
    /// <param name="file">The file that creates the roles.</param>
    internal async Task RolesOfMasterAsync(PostgresServer own, string file)
    {
        await using var database = await own.CreateDatabaseAsync(migrated: false);
        await database.ExecuteAsync("create role master login createrole createdb password 'secret'");
        await database.ExecuteAsync(
            "do $$ begin execute format('alter database %I owner to master', current_database()); end $$"
        );
        var roles = await File.ReadAllTextAsync(RolesFile(file));
        await ReadAsync(Login("master"), roles);
        await ReadAsync(Login("master"), roles);

        foreach (
            var role in await database.QueryAsync("select rolname::text from pg_roles where rolname ~ '^etl_[lm]'")
        )
        {
            await database.ExecuteAsync(
                $"create role rds_iam; grant rds_iam to {role}; alter role {role} password 'secret'"
            );
            (await ReadAsync(database.ConnectionString, "select pg_has_role('master', 'rds_iam', 'member')")).ShouldBe(
                false,
                role
            );
            await database.ExecuteAsync("drop role rds_iam");
        }

        if (file == "roles.sql")
        {
            await using var migrator = Services(Login("etl_migrator"));
            await migrator.GetRequiredService<ILedgerMigrations>().MigrateAsync(default);
        }

        await using var loader = Services(Login("etl_loader"));
        await RunAsync(loader, false, true);
        (await ReadAsync(As(database, "etl_reader"), "select count(*) from staging.orders")).ShouldBe(2L);

        string Login(string role) =>
            new NpgsqlConnectionStringBuilder(database.ConnectionString)
            {
                Username = role,
                Password = "secret",
                Passfile = null,
                Pooling = false,
            }.ConnectionString;
    }

    private async Task RunAsync(ServiceProvider loader, params bool[] forced)
    {
        WriteSource();
        foreach (var force in forced)
        {
            var request = new RunRequest(BusinessDate.Parse("2022-09-05"), Force: force);
            var summary = await loader.GetRequiredService<EtlPipeline>().RunAsync(request, default);
            (summary.Status, summary.Error).ShouldBe((SummaryStatus.Succeeded, null));
        }
    }

    private static string As(TestDatabase database, string role) =>
        new NpgsqlConnectionStringBuilder(database.ConnectionString) { Options = $"-c role={role}" }.ConnectionString;

    private void WriteSource()
    {
        Write(
            "orders.csv",
            """
            order_id,customer_id,order_date,product_id,unit_price,quantity,total_price
            1,7,2022-08-01,3,2.50,2,5.00
            2,8,2022-08-02,3,2.50,1,2.50

            """
        );
        Write("reviews.csv", "review,product_id\n5,3\n");
        Write(
            "shipment_deliveries.csv",
            "shipment_id,order_id,shipment_date,delivery_date\n1,1,2022-08-03,2022-08-05\n2,2,,\n"
        );

        void Write(string name, string text) => File.WriteAllText(Path.Combine(folder.FullName, name), text);
    }

    private ServiceProvider Services(string connection)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Etl:Postgres:ConnectionString"] = connection,
            ["Etl:Source:Uri"] = folder.FullName,
            ["Etl:Lake:Uri"] = Path.Combine(folder.FullName, "lake"),
            ["Etl:Notify:Directory"] = Path.Combine(folder.FullName, "mail"),
        };
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        return new ServiceCollection()
            .AddLogging()
            .AddEtlApplication()
            .AddEtlInfrastructure(configuration)
            .BuildServiceProvider();
    }

    private static string RolesFile(string name) => Path.Combine(Repository.Root, "docs", name);

    private static async Task DeniedAsync(string connection, string sql)
    {
        var exception = await Should.ThrowAsync<PostgresException>(() => ReadAsync(connection, sql));
        exception.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    private static async Task<object?> ReadAsync(string connection, string sql)
    {
        await using var database = NpgsqlDataSource.Create(connection);
        await using var command = database.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
