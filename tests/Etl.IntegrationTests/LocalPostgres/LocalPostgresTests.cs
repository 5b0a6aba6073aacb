using System.Diagnostics;
using Etl.Application.Errors;
using Etl.Hosts.Console.LocalPostgres;
using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Npgsql;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.LocalPostgres;

public sealed class LocalPostgresTests : IAsyncDisposable
{
    private readonly TempFolder folder = new();
    private readonly LocalPostgresOptions options;

    public LocalPostgresTests()
    {
        const UnixFileMode walkable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        TempFolder.Allow(folder.Root, walkable | UnixFileMode.OtherExecute);
        options = new LocalPostgresOptions
        {
            DataDirectory = folder["pg"],
            Durable = false,
            SharedBuffersMegabytes = 16,
        };
    }

    public async ValueTask DisposeAsync()
    {
        await LocalDatabase.StopAsync(options, CancellationToken.None);
        folder.Dispose();
    }

    [Fact]
    public async Task It_starts_once_keeps_its_data_and_stops()
    {
        LocalDatabase.Status(options).Running.ShouldBeFalse();
        LocalDatabase.Url(options).ShouldBeNull();
        var connection = await StartAsync();
        await ScalarAsync(connection, "create table kept as select 42 as answer");
        var first = LocalDatabase.Status(options);

        (await StartAsync()).ShouldBe(connection);
        var second = LocalDatabase.Status(options);

        second.ShouldBe(first);
        first.Running.ShouldBeTrue();
        LocalDatabase
            .Url(options)
            .ShouldBe($"postgresql://etl_owner@/etl?host={Uri.EscapeDataString(folder["pg/run"])}");
        (await LocalDatabase.StopAsync(options, default)).ShouldBeTrue();
        (await LocalDatabase.StopAsync(options, default)).ShouldBeFalse();
        LocalDatabase.Status(options).Running.ShouldBeFalse();
        (await ScalarAsync(await StartAsync(), "select answer from kept")).ShouldBe(42);
    }

    [Fact]
    public async Task It_starts_after_it_was_killed_and_keeps_what_was_committed()
    {
        options.Durable = true;
        await ScalarAsync(await StartAsync(), "create table kept as select 42 as answer");
        var killed = LocalDatabase.Status(options).ProcessId!.Value;
        Process.GetProcessById(killed).Kill();

        var connection = await StartAsync();

        (await ScalarAsync(connection, "select answer from kept")).ShouldBe(42);
        LocalDatabase.Status(options).ProcessId.ShouldNotBe(killed);
    }

    [Fact]
    public async Task A_stop_waits_for_the_run_in_progress_unless_it_must_be_now()
    {
        var connection = await StartAsync();
        await ScalarAsync(
            connection,
            "create schema etl; create table etl.runs as select '20250630-001' as run_id, now() + interval '1 hour' as lease_until"
        );
        var reported = new TaskCompletionSource<string>();
        var wait = LocalDatabase.WaitForRunAsync(options, new Reported(reported.SetResult), default);
        (await Task.WhenAny(reported.Task, wait)).ShouldBe(reported.Task);
        (await reported.Task).ShouldContain("Waiting for the end of run 20250630-001");
        wait.IsCompleted.ShouldBeFalse();
        await ScalarAsync(connection, "update etl.runs set lease_until = null");
        await wait;

        await ScalarAsync(connection, "update etl.runs set lease_until = now() + interval '1 hour'");
        var data = $"--Etl:LocalPostgres:DataDirectory={options.DataDirectory}";
        var stopped = await EtlProcess.RunAsync(folder.Root, "db", "stop", "--now", data);
        stopped.ExitCode.ShouldBe(0, stopped.Error);
        LocalDatabase.Status(options).Running.ShouldBeFalse();
    }

    [Fact]
    public async Task A_process_file_with_the_ID_of_another_process_does_not_prevent_a_start()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux shows the working folder of a process.");
        await StartAsync();
        await LocalDatabase.StopAsync(options, default);
        await File.WriteAllTextAsync(
            folder["pg/data/postmaster.pid"],
            $"{Environment.ProcessId}\n{folder["pg/data"]}\n1\n5432\n{folder["pg/run"]}\n\n\nready\n"
        );

        LocalDatabase.Status(options).Running.ShouldBeFalse();
        (await ScalarAsync(await StartAsync(), "select 1")).ShouldBe(1);
    }

    [Fact]
    public async Task Concurrent_starts_create_one_server_for_all()
    {
        await Skipping(async () =>
        {
            var connections = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => StartCoreAsync()));

            connections.Distinct().Count().ShouldBe(1);
            (await ScalarAsync(connections[0], "select count(*)::int from pg_database where datname = 'etl'")).ShouldBe(
                1
            );
            return connections[0];
        });
    }

    [Fact]
    public async Task Nobody_else_can_connect()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There it listens on a port, with a password.");
        var connection = await StartAsync();

        (await ScalarAsync(connection, "select current_setting('listen_addresses')")).ShouldBe("");
        (await ScalarAsync(connection, "select current_setting('server_encoding')")).ShouldBe("UTF8");
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        new DirectoryInfo(folder["pg"]).UnixFileMode.ShouldBe(owner);
        new DirectoryInfo(folder["pg/run"]).UnixFileMode.ShouldBe(owner);
    }

    [Fact]
    public async Task It_leaves_the_session_of_the_terminal_and_does_not_run_as_root()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Read from /proc.");
        await StartAsync();
        var process = LocalDatabase.Status(options).ProcessId!.Value;

        var stat = await File.ReadAllTextAsync($"/proc/{process}/stat");
        var session = stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[3];
        var user = (await File.ReadAllLinesAsync($"/proc/{process}/status")).Single(l =>
            l.StartsWith("Uid:", StringComparison.Ordinal)
        );

        session.ShouldBe($"{process}");
        user.Split('\t')[1].ShouldNotBe("0");
    }

    [Fact]
    public async Task On_a_port_it_requires_the_password_which_no_connection_string_contains()
    {
        options.Loopback = true;
        var connection = await StartAsync();

        (await ScalarAsync(connection, "select 1")).ShouldBe(1);
        var parts = new NpgsqlConnectionStringBuilder(connection);
        parts.Password.ShouldBeNull();
        parts.Passfile = null;
        parts.Password = "guess";
        var exception = await Should.ThrowAsync<PostgresException>(() =>
            ScalarAsync(parts.ConnectionString, "select 1")
        );
        exception.SqlState.ShouldBe(PostgresErrorCodes.InvalidPassword);
    }

    [Fact]
    public async Task Data_of_another_version_is_reported_with_both_versions()
    {
        await StartAsync();
        await LocalDatabase.StopAsync(options, default);
        await File.WriteAllTextAsync(folder["pg/data/PG_VERSION"], "11\n");

        var exception = await Should.ThrowAsync<EtlException>(StartCoreAsync);

        exception.Error.Code.ShouldBe(ErrorCode.Configuration);
        exception.Error.Message.ShouldContain("is of PostgreSQL 11");
        exception.Error.NextStep.ShouldContain("Install PostgreSQL 11");
    }

    [Fact]
    public async Task A_server_that_does_not_start_is_reported_with_its_log_and_its_error()
    {
        await StartAsync();
        await LocalDatabase.StopAsync(options, default);
        await File.AppendAllTextAsync(folder["pg/data/postgresql.conf"], "\nwork_mem = 'a lot'\n");

        var exception = await Should.ThrowAsync<EtlException>(StartCoreAsync);

        exception.Error.Code.ShouldBe(ErrorCode.DatabaseUnreachable);
        exception.Error.Message.ShouldContain("did not start: ");
        exception.Error.NextStep.ShouldContain(folder["pg/server.log"]);
    }

    [Fact]
    public async Task A_folder_with_a_comma_is_an_error_of_the_setting()
    {
        options.DataDirectory = folder["a,b"];

        var exception = await Should.ThrowAsync<EtlException>(StartCoreAsync);

        exception.Error.Code.ShouldBe(ErrorCode.Configuration);
        exception.Error.Message.ShouldContain("contains a comma");
        options.DataDirectory = folder["pg"];
    }

    [Fact]
    public async Task A_folder_without_programs_is_an_error_of_the_setting()
    {
        options.BinDirectory = folder.Root;

        var exception = await Should.ThrowAsync<EtlException>(StartCoreAsync);

        exception.Error.Code.ShouldBe(ErrorCode.Configuration);
        exception.Error.Message.ShouldContain(folder.Root);
    }

    private Task<string> StartCoreAsync() => LocalDatabase.StartAsync(options, progress: null, CancellationToken.None);

    private Task<string> StartAsync() => Skipping(StartCoreAsync);

    private static async Task<string> Skipping(Func<Task<string>> start)
    {
        try
        {
            return await start();
        }
        catch (EtlException exception)
            when (exception.Error.Message.StartsWith("No connection", StringComparison.Ordinal)
                && !PostgresServer.IsRequired
            )
        {
            Assert.Skip($"{exception.Error.Message} {exception.Error.NextStep}");
            throw;
        }
    }

    private static async Task<object?> ScalarAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString + ";Pooling=false");
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    private sealed class Reported(Action<string> report) : IProgress<string>
    {
        public void Report(string value) => report(value);
    }
}
