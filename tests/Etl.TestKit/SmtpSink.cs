using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Etl.TestKit;

/// <summary>
/// A mail server, Debian's <c>python3-aiosmtpd</c>, that stores received mail in a folder. If it is not installed, tests are
/// skipped, or fail if <c>CI</c> is <c>true</c>.
/// </summary>
public sealed class SmtpSink : IAsyncDisposable
{
    private const string Python = "/usr/bin/python3";

    /// <summary>Requires STARTTLS, then a login, before it accepts mail.</summary>
    private const string Guarded = """
        import asyncio, ssl, sys
        from aiosmtpd.handlers import Mailbox
        from aiosmtpd.smtp import SMTP, AuthResult
        port, certificate, key, name, password, box = sys.argv[1:]
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate, key)
        def validator(server, session, envelope, mechanism, given):
            right = (given.login.decode(), given.password.decode()) == (name, password)
            return AuthResult(success=right and session.ssl is not None, handled=False)
        def greet():
            return SMTP(Mailbox(box), require_starttls=True, tls_context=tls, auth_required=True, authenticator=validator)
        async def serve():
            server = await asyncio.get_running_loop().create_server(greet, "127.0.0.1", int(port))
            await server.serve_forever()
        asyncio.run(serve())
        """;
    private readonly Process process;
    private readonly string folder;

    private SmtpSink(Process process, string folder, int port) =>
        (this.process, this.folder, Port) = (process, folder, port);

    /// <summary>Its port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>The received mails.</summary>
    public IReadOnlyList<string> Mails => [.. Directory.GetFiles(Path.Combine(folder, "new")).Select(File.ReadAllText)];

    /// <summary>Starts a server and waits until it listens.</summary>
    /// <param name="folder">An empty folder for its mails.</param>
    /// <param name="more">Further options, such as those of TLS.</param>
    public static Task<SmtpSink> StartAsync(string folder, params string[] more) =>
        StartAsync(
            folder,
            port => ["-m", "aiosmtpd", "-n", "-l", $"127.0.0.1:{port}", "-c", "aiosmtpd.handlers.Mailbox", .. more]
        );

    /// <summary>Starts a server that accepts mail from one user, with the password only after STARTTLS.</summary>
    /// <param name="folder">An empty folder for its mails.</param>
    /// <param name="tls">Files of the certificate and of its key.</param>
    /// <param name="user">The user that can log in.</param>
    public static Task<SmtpSink> StartGuardedAsync(
        string folder,
        (string Certificate, string Key) tls,
        (string Name, string Password) user
    ) => StartAsync(folder, port => ["-c", Guarded, $"{port}", tls.Certificate, tls.Key, user.Name, user.Password]);

    private static async Task<SmtpSink> StartAsync(string folder, Func<int, string[]> line)
    {
        await RequireAsync();
        var port = FreePort();
        var started = Process.Start(Python, [.. line(port), Path.Combine(folder, "box")]);
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await ListensAsync(port, timeout.Token))
        {
            await Task.Delay(50, timeout.Token);
        }

        return new SmtpSink(started, Path.Combine(folder, "box"), port);
    }

    /// <summary>A port without a listener.</summary>
    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static async Task RequireAsync()
    {
        var found = false;
        if (File.Exists(Python))
        {
            using var probe = Process.Start(
                Python,
                ["-c", "import importlib.util,sys;sys.exit(importlib.util.find_spec('aiosmtpd') is None)"]
            );
            await probe.WaitForExitAsync();
            found = probe.ExitCode == 0;
        }

        const string reason = "There is no aiosmtpd: apt-get install python3-aiosmtpd.";
        Assert.SkipUnless(found || PostgresServer.IsRequired, reason);
        Assert.True(found, reason);
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
