using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using Xunit;

namespace Etl.TestKit;

/// <summary>
/// PgBouncer in transaction mode in front of a test database. If it is not installed, tests are skipped, or fail if <c>CI</c>
/// is <c>true</c>.
/// </summary>
public sealed class PgBouncer : IAsyncDisposable
{
    private static readonly string[] Places = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer"];

    private readonly Process process;
    private readonly string settingsFile;

    private PgBouncer(Process process, string file, string connectionString) =>
        (this.process, settingsFile, ConnectionString) = (process, file, connectionString);

    /// <summary>To the database, through the pooler.</summary>
    public string ConnectionString { get; }

    /// <summary>Starts a pooler and waits until it listens.</summary>
    /// <param name="database">The connection string of the database.</param>
    /// <param name="settings">Further lines of section <c>pgbouncer</c>.</param>
    public static async Task<PgBouncer> StartAsync(string database, params string[] settings)
    {
        var program = Array.Find(Places, File.Exists);
        const string reason = "There is no PgBouncer: apt-get install pgbouncer.";
        Assert.SkipUnless(program is not null || PostgresServer.IsRequired, reason);
        Assert.True(program is not null, reason);
        var port = SmtpSink.FreePort();
        var file = Path.Combine(Path.GetTempPath(), $"etl-pgbouncer-{Path.GetRandomFileName()}.ini");
        var to = new NpgsqlConnectionStringBuilder(database);
        var password = to.Password is { Length: > 0 } secret ? $" password='{secret}'" : "";
        await File.WriteAllTextAsync(
            file,
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                [databases]
                * = host={to.Host} port={to.Port} user={to.Username}{password}
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = {port}
                unix_socket_dir =
                auth_type = any
                pool_mode = transaction
                default_pool_size = 20
                {string.Join('\n', settings)}

                """
            )
        );
        // It refuses to run as root.
        string[] user = Environment.IsPrivilegedProcess ? ["-u", "postgres"] : [];
        var started = Process.Start(
            new ProcessStartInfo(program!, [.. user, "-q", file])
            {
                RedirectStandardError = true,
                UseShellExecute = false,
            }
        )!;
        _ = started.StandardError.ReadToEndAsync();
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await ListensAsync(port, timeout.Token))
        {
            await Task.Delay(50, timeout.Token);
        }

        var through = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = port,
            Database = to.Database,
            Username = to.Username,
        };
        return new PgBouncer(started, file, through.ConnectionString);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        File.Delete(settingsFile);
    }

    private static async Task<bool> ListensAsync(int port, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
