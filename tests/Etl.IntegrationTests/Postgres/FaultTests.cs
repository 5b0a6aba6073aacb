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
    public async Task A_server_that_is_not_there_is_unreachable()
    {
        var error = await FaultAsync(
            $"Host=127.0.0.1;Port={FreePort()};Username=u;Password=secret;Database=d",
            "select 1"
        );

        error.Code.ShouldBe(ErrorCode.DatabaseUnreachable);
        error.Retryable.ShouldBeTrue();
        error.Message.ShouldContain("nothing listens there");
        error.Message.ShouldNotContain("secret");
    }

    [Fact]
    public async Task A_socket_that_is_not_there_is_unreachable()
    {
        var error = await FaultAsync("Host=/nowhere/at/all;Username=u;Database=d", "select 1");
        error.Code.ShouldBe(ErrorCode.DatabaseUnreachable);
    }

    public static TheoryData<string, string, string, ErrorCode, bool> Refusals =>
        new()
        {
            { "Database=no_such", "select 1", "the database does not exist", ErrorCode.Database, false },
            { "SSL Mode=Require", "select 1", "could not agree on how to talk", ErrorCode.Database, false },
            { "Options=-c role=pg_monitor", "delete from etl.runs", "lacks a right", ErrorCode.Database, false },
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
            { "", "select nothing from etl.runs", "has not the columns", ErrorCode.Database, false },
            {
                "",
                "insert into etl.run_steps values ('none', 1, 'stage', now())",
                "on etl.run_steps, constraint run_steps_run_id_fkey",
                ErrorCode.Database,
                false
            },
            { "", "select 1/0", "SQLSTATE 22012", ErrorCode.Database, false },
        };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task What_the_server_refuses_is_said_in_a_sentence(
        string keywords,
        string sql,
        string words,
        ErrorCode code,
        bool retryable
    )
    {
        await using var database = await server.CreateDatabaseAsync();
        var error = await FaultAsync($"{database.ConnectionString};{keywords}", sql);

        error.Message.ShouldStartWith("Could not try it: ");
        error.Message.ShouldContain(words);
        (error.Code, error.Retryable).ShouldBe((code, retryable));
        error.NextStep.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_lock_that_is_not_had_in_time_may_be_had_later()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var holder = await database.DataSource.OpenConnectionAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await using var command = new NpgsqlCommand("lock table etl.runs", holder);
        await command.ExecuteNonQueryAsync();

        var error = await FaultAsync($"{database.ConnectionString};Options=-c lock_timeout=20", "table etl.runs");

        error.Message.ShouldContain("a lock was not had in time");
        error.Retryable.ShouldBeTrue();
    }

    [Fact]
    public async Task A_user_that_may_not_come_in_or_comes_too_often_is_told_apart()
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
        crowded.Message.ShouldContain("no connection left");
        crowded.Retryable.ShouldBeTrue();
    }

    [Fact]
    public async Task A_setting_bounds_every_statement_of_a_run()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var source = PostgresDataSource.Open(
            new PostgresOptions { ConnectionString = database.ConnectionString, StatementTimeoutSeconds = 7 }
        );
        await using var command = source.CreateCommand("show statement_timeout");
        (await command.ExecuteScalarAsync()).ShouldBe("7s");
    }

    [Fact]
    public async Task Cancellation_and_faults_of_other_parts_pass_unchanged()
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

    private static async Task<EtlError> FaultAsync(string connection, string sql)
    {
        await using var source = PostgresDataSource.Open(new PostgresOptions { ConnectionString = connection });
        var exception = await Should.ThrowAsync<EtlException>(() =>
            source.GuardAsync(
                "try it",
                async () =>
                {
                    await using var command = source.CreateCommand(sql);
                    await command.ExecuteNonQueryAsync();
                }
            )
        );
        return exception.Error;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
