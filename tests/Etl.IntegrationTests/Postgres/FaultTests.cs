using System.Net;
using System.Net.Sockets;
using Etl.Application.Errors;
using Etl.Infrastructure.Postgres;
using Etl.TestKit;
using Npgsql;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Postgres;

public class FaultTests(PostgresServer server)
{
    [Fact]
    public async Task A_missing_server_is_unreachable()
    {
        var error = await FaultAsync(
            $"Host=127.0.0.1;Port={FreePort()};Username=u;Password=secret;Database=d",
            "select 1"
        );

        error.Code.ShouldBe(ErrorCode.DatabaseUnreachable);
        error.Retryable.ShouldBeTrue();
        error.Message.ShouldContain("connection refused");
        error.Message.ShouldNotContain("secret");
    }

    [Fact]
    public async Task A_missing_socket_is_unreachable()
    {
        var error = await FaultAsync("Host=/nowhere/at/all;Username=u;Database=d", "select 1");
        error.Code.ShouldBe(ErrorCode.DatabaseUnreachable);
    }

    public static TheoryData<string, string, string, ErrorCode, bool> Refusals =>
        new()
        {
            { "Database=no_such", "select 1", "the database does not exist", ErrorCode.Database, false },
            { "SSL Mode=Require", "select 1", "could not negotiate the connection", ErrorCode.Database, false },
            { "Options=-c role=pg_monitor", "delete from etl.runs", "lacks a privilege", ErrorCode.Database, false },
            {
                "Options=-c default_transaction_read_only=on",
                "delete from etl.runs",
                "the database is read-only",
                ErrorCode.Database,
                false
            },
            {
                "Options=-c statement_timeout=20",
                "select pg_sleep(60)",
                "statement_timeout",
                ErrorCode.Database,
                false
            },
            {
                "Command Timeout=1",
                "select pg_sleep(60)",
                "did not answer in time",
                ErrorCode.DatabaseUnreachable,
                true
            },
            {
                "",
                "select pg_terminate_backend(pg_backend_pid())",
                "the server ended the session",
                ErrorCode.DatabaseUnreachable,
                true
            },
            { "", "select * from etl.nothing", "a table or schema is missing", ErrorCode.Database, false },
            {
                "",
                "select nothing from etl.runs",
                "a column that this version needs is missing",
                ErrorCode.Database,
                false
            },
            {
                "",
                "insert into etl.run_steps values ('none', 1, 'stage', now())",
                "SQLSTATE 23503, table etl.run_steps, constraint run_steps_run_id_fkey",
                ErrorCode.Database,
                false
            },
            { "", "select 1/0", "reported 'division by zero' (SQLSTATE 22012)", ErrorCode.Database, false },
            {
                "",
                "do $$ begin raise exception 'DDL is frozen, ask the DBA'; end $$",
                "reported 'DDL is frozen, ask the DBA' (SQLSTATE P0001)",
                ErrorCode.Database,
                false
            },
        };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Each_error_of_the_server_has_a_reason_and_a_next_step(
        string keywords,
        string sql,
        string reason,
        ErrorCode code,
        bool retryable
    )
    {
        if (keywords.StartsWith("SSL Mode", StringComparison.Ordinal))
        {
            CitusCluster.Excludes("its servers have TLS");
        }

        await using var database = await server.CreateDatabaseAsync();
        var error = await FaultAsync($"{database.ConnectionString};{keywords}", sql);

        error.Message.ShouldStartWith("Could not try it: ");
        error.Message.ShouldContain(reason);
        (error.Code, error.Retryable).ShouldBe((code, retryable));
        error.NextStep.ShouldNotBeEmpty();
        (error.SqlState is not null).ShouldBe(error.Message.Contains("SQLSTATE"));
        if (error.SqlState is { } state)
        {
            error.Message.ShouldContain($"SQLSTATE {state}");
        }
    }

    public static TheoryData<string, string> Values =>
        new()
        {
            { "select 'SECRET'::integer", "invalid input syntax for type integer: \"…\"" },
            { "select 'a \" of relation \"SECRET\"'::date", "invalid input syntax for type date: \"…\"" },
            { "select '999999999999'::integer", "value \"…\" is out of range for type integer" },
            { "select 'SECRET'::text::integer[]", "malformed array literal: \"…\"" },
            { "insert into t values (1, 'SECRET'), (1, 'SECRET')", "Key (id) already exists" },
            { "insert into t values (2, null)", "null value in column \"name\" of relation \"t\"" },
            { "insert into t values (3, 'SECRET) = (', 'SECRET')", "constraint \"t_note_check\"" },
            { "insert into u values ('SECRET')", "Key (name) is not present in table \"t\"" },
            { "insert into p values ('SECRET')", "no partition of relation \"p\" found for row" },
            { "insert into v values (9, 'SECRET')", "check option for view \"v\"" },
            { "select convert_to('SECRET €', 'LATIN1')", "in encoding \"UTF8\" has no equivalent" },
        };

    [Theory]
    [MemberData(nameof(Values))]
    public async Task The_server_s_words_are_shown_without_values_of_rows(string sql, string shown)
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var create = database.DataSource.CreateCommand(
            """
            create table t (id int primary key, name text not null unique, note text check (note <> 'SECRET'));
            create table u (name text references t (name));
            create table p (name text) partition by list (name);
            create view v as select id, name from t where id < 5 with check option;
            """
        );
        await create.ExecuteNonQueryAsync();

        var exception = await FaultExceptionAsync(database.ConnectionString, sql);
        var error = exception.Error;

        error.Message.ShouldContain(shown);
        foreach (var text in new[] { $"{error}", $"{exception}" })
        {
            text.ShouldNotContain("SECRET");
            text.ShouldNotContain("999999");
            text.ShouldNotContain("0xe2");
        }

        $"{exception.InnerException}".ShouldContain("NpgsqlDataReader", Case.Sensitive, "the log needs the trace");
    }

    [Fact]
    public async Task A_lock_timeout_is_retryable()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var holder = await database.DataSource.OpenConnectionAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await using var command = new NpgsqlCommand("lock table etl.runs", holder);
        await command.ExecuteNonQueryAsync();

        var error = await FaultAsync($"{database.ConnectionString};Options=-c lock_timeout=20", "table etl.runs");

        error.Message.ShouldContain("a lock could not be acquired in time");
        error.Retryable.ShouldBeTrue();
    }

    [Fact]
    public async Task A_refused_login_and_a_connection_limit_are_distinguished()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var command = database.DataSource.CreateCommand(
            """
            create role fault_absent nologin;
            create role fault_crowded login connection limit 0;
            alter role fault_crowded password 'p';
            """
        );
        await command.ExecuteNonQueryAsync();
        var absent = await FaultAsync($"{database.ConnectionString};Username=fault_absent", "select 1");
        var crowded = await FaultAsync($"{database.ConnectionString};Username=fault_crowded;Password=p", "select 1");

        absent.Message.ShouldContain("did not accept the user or the password");
        absent.Retryable.ShouldBeFalse();
        crowded.Message.ShouldContain("no free connection");
        crowded.Retryable.ShouldBeTrue();
    }

    [Fact]
    public async Task StatementTimeoutSeconds_applies_to_every_statement_of_a_run()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var source = PostgresDataSource.Open(
            new PostgresOptions { ConnectionString = database.ConnectionString, StatementTimeoutSeconds = 7 }
        );
        await using var command = source.CreateCommand("show statement_timeout");
        (await command.ExecuteScalarAsync()).ShouldBe("7s");
    }

    [Fact]
    public async Task Cancellation_and_errors_of_other_components_pass_unchanged()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() =>
            database.DataSource.GuardAsync("try it", () => Task.Delay(1, stop.Token))
        );
        await Should.ThrowAsync<IOException>(() =>
            database.DataSource.GuardAsync("try it", () => throw new IOException("the lake's"))
        );
        var known = new EtlException(ErrorCode.Lake, "known", "next");
        (
            await Should.ThrowAsync<EtlException>(() => database.DataSource.GuardAsync("try it", () => throw known))
        ).ShouldBeSameAs(known);
    }

    private static async Task<EtlError> FaultAsync(string connection, string sql) =>
        (await FaultExceptionAsync(connection, sql)).Error;

    private static async Task<EtlException> FaultExceptionAsync(string connection, string sql)
    {
        await using var source = PostgresDataSource.Open(new PostgresOptions { ConnectionString = connection });
        return await Should.ThrowAsync<EtlException>(() =>
            source.GuardAsync(
                "try it",
                async () =>
                {
                    await using var command = source.CreateCommand(sql);
                    await command.ExecuteNonQueryAsync();
                }
            )
        );
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
