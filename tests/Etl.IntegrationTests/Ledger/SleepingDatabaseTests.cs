using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Etl.Application.Errors;
using Etl.Infrastructure.Ledger;
using Etl.Infrastructure.Postgres;
using Etl.IntegrationTests.Console;
using Etl.IntegrationTests.Lambda;
using Etl.TestKit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Ledger;

/// <summary>A database that pauses while it is not used, and accepts connections only after a while.</summary>
public sealed class SleepingDatabaseTests(PostgresServer server)
{
    [Fact]
    public async Task A_database_that_cannot_be_reached_for_45_seconds_is_waited_for()
    {
        await using var place = await Workplace.CreateAsync(server);
        await using var gate = SleepingServer.Of(place.Connection);
        var clock = new RetryClock(TimeSpan.FromSeconds(45), gate.Wake);

        await WaitAsync(gate.Connection, clock, seconds: 90);

        clock.Elapsed.ShouldBeInRange(TimeSpan.FromSeconds(45), TimeSpan.FromSeconds(50));
        clock.Reasons.Count.ShouldBeInRange(10, 14);
        clock.Reasons.ShouldAllBe(r => r.Contains("PostgreSQL cannot be reached (connection refused)."));
    }

    [Fact]
    public async Task A_database_that_stays_away_is_an_error_after_the_time_of_the_setting()
    {
        await using var place = await Workplace.CreateAsync(server);
        await using var gate = SleepingServer.Of(place.Connection);
        var clock = new RetryClock(TimeSpan.MaxValue, () => { });

        var error = await Should.ThrowAsync<EtlException>(() => WaitAsync(gate.Connection, clock, seconds: 90));

        error.Error.Code.ShouldBe(ErrorCode.DatabaseUnreachable);
        error.Error.Message.ShouldContain("connection refused");
        clock.Elapsed.ShouldBeInRange(TimeSpan.FromSeconds(80), TimeSpan.FromSeconds(90));
    }

    [Theory]
    [InlineData(0, "Username", "no_such_user")]
    [InlineData(0, "Database", "no_such_database")]
    [InlineData(90, "Username", "no_such_user")]
    [InlineData(90, "Database", "no_such_database")]
    public async Task A_wrong_user_or_database_is_not_retried(int seconds, string keyword, string value)
    {
        await using var place = await Workplace.CreateAsync(server);
        var connection = new NpgsqlConnectionStringBuilder(place.Connection) { [keyword] = value };
        var clock = new RetryClock(TimeSpan.MaxValue, () => { });

        if (seconds == 0)
        {
            await WaitAsync(connection.ConnectionString, clock, seconds);
        }
        else
        {
            var error = await Should.ThrowAsync<EtlException>(() =>
                WaitAsync(connection.ConnectionString, clock, seconds)
            );
            error.Error.Retryable.ShouldBeFalse();
        }

        clock.Reasons.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_run_of_the_function_starts_when_the_database_wakes_up_and_leaves_no_connection_open()
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        await using var gate = SleepingServer.Of(place.Connection);
        await using var host = LambdaProcess.Start(
            place,
            ("ETL__POSTGRES__CONNECTIONSTRING", gate.Connection),
            ("ETL__POSTGRES__CONNECTSECONDS", "90")
        );
        await host.ReadyAsync();
        gate.Hold();
        var run = host.SucceedAsync("""{"date":"2025-06-30"}""");
        await gate.Asked;
        gate.Wake();

        (await run).GetProperty("status").GetString().ShouldBe("succeeded");
        await gate.AllClosedAsync();
    }

    [Theory]
    [InlineData(0, "Host=db", 15)]
    [InlineData(10, "Host=db", 15)]
    [InlineData(45, "Host=db", 45)]
    [InlineData(90, "Host=db", 60)]
    [InlineData(90, "Host=db;Timeout=20", 20)]
    public void One_try_waits_up_to_a_minute_unless_the_connection_string_sets_it(int seconds, string text, int timeout)
    {
        using var database = PostgresDataSource.Open(
            new PostgresOptions { ConnectionString = text, ConnectSeconds = seconds }
        );
        new NpgsqlConnectionStringBuilder(database.ConnectionString).Timeout.ShouldBe(timeout);
    }

    private static async Task WaitAsync(string connection, RetryClock clock, int seconds)
    {
        var options = new PostgresOptions { ConnectionString = connection, ConnectSeconds = seconds };
        await using var database = PostgresDataSource.Open(options);
        await new LedgerConnection(database, Options.Create(options), clock, clock).WaitAsync(CancellationToken.None);
    }

    /// <summary>A clock that passes each pause at once, and calls an action at a time.</summary>
    private sealed class RetryClock(TimeSpan at, Action action) : TimeProvider, ILogger<LedgerConnection>
    {
        private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

        public TimeSpan Elapsed { get; private set; }

        public List<string> Reasons { get; } = [];

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + Elapsed;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            // A pause follows a log entry; the limit of a try does not.
            if (dueTime > LongestPause || isInTry)
            {
                return System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }

            Elapsed += dueTime;
            isInTry = true;
            if (Elapsed >= at)
            {
                action();
            }

            return System.CreateTimer(callback, state, TimeSpan.Zero, period);
        }

        private bool isInTry = true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            Reasons.Add(formatter(state, exception));
            isInTry = false;
        }
    }

    /// <summary>A port in front of a server: closed, then holding connections without an answer, then open.</summary>
    private sealed class SleepingServer : IAsyncDisposable
    {
        private readonly EndPoint server;
        private readonly IPEndPoint address;
        private readonly TaskCompletionSource awake = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly CancellationTokenSource closing = new();
        private readonly List<Task> connections = [];
        private TcpListener? listener;
        private Task serving = Task.CompletedTask;

        private SleepingServer(EndPoint server, int port, NpgsqlConnectionStringBuilder connection)
        {
            this.server = server;
            address = new IPEndPoint(IPAddress.Loopback, port);
            (connection.Host, connection.Port) = ("127.0.0.1", port);
            Connection = connection.ConnectionString;
        }

        public string Connection { get; }

        /// <summary>Completes when a connection was accepted.</summary>
        public Task Asked => asked.Task;

        public static SleepingServer Of(string connection)
        {
            var parts = new NpgsqlConnectionStringBuilder(connection);
            var file = string.Create(CultureInfo.InvariantCulture, $".s.PGSQL.{parts.Port}");
            EndPoint upstream = Path.IsPathRooted(parts.Host)
                ? new UnixDomainSocketEndPoint(Path.Combine(parts.Host, file))
                : new IPEndPoint(IPAddress.Parse(parts.Host!), parts.Port);
            if (parts.Passfile is { } passwords)
            {
                (parts.Password, parts.Passfile) = (File.ReadAllText(passwords).Trim().Split(':')[^1], null);
            }

            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            return new SleepingServer(upstream, ((IPEndPoint)probe.LocalEndpoint).Port, parts);
        }

        /// <summary>Accepts connections, and answers when it is awake.</summary>
        public void Hold()
        {
            listener = new TcpListener(address);
            listener.Start();
            serving = ServeAsync(listener);
        }

        public void Wake()
        {
            if (listener is null)
            {
                Hold();
            }

            awake.TrySetResult();
        }

        /// <summary>Completes when the host has closed every connection.</summary>
        public Task AllClosedAsync() => Task.WhenAll(connections).WaitAsync(TimeSpan.FromMinutes(1));

        public async ValueTask DisposeAsync()
        {
            await closing.CancelAsync();
            listener?.Stop();
            await serving;
            closing.Dispose();
        }

        private async Task ServeAsync(TcpListener from)
        {
            try
            {
                while (true)
                {
                    connections.Add(ForwardAsync(await from.AcceptTcpClientAsync(closing.Token)));
                    asked.TrySetResult();
                }
            }
            catch (Exception end) when (end is OperationCanceledException or SocketException) { }
        }

        private async Task ForwardAsync(TcpClient client)
        {
            using var _ = client;
            await awake.Task.WaitAsync(closing.Token);
            using var upstream = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
            await upstream.ConnectAsync(server, closing.Token);
            await using var there = new NetworkStream(upstream);
            await using var here = client.GetStream();
            try
            {
                await Task.WhenAny(here.CopyToAsync(there, closing.Token), there.CopyToAsync(here, closing.Token));
            }
            catch (IOException)
            {
                // Either side went away.
            }
        }
    }
}
