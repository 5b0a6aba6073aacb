using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Etl.TestKit;

/// <summary>
/// An HTTP proxy that breaks configured requests and forwards all others unchanged. Each connection carries one request.
/// </summary>
public sealed class FaultyProxy : IAsyncDisposable
{
    private const int PieceBytes = 16 * 1024;
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource closing = new();
    private readonly Uri server;
    private readonly List<Rule> rules = [];
    private readonly List<string> seen = [];
    private readonly Task serving;

    /// <summary>Listens on a free port of loopback.</summary>
    public FaultyProxy(Uri server)
    {
        this.server = server;
        listener.Start();
        Endpoint = new Uri($"http://{listener.LocalEndpoint}");
        serving = ServeAsync();
    }

    /// <summary>Its address.</summary>
    public Uri Endpoint { get; }

    /// <summary>First line and range of every request so far.</summary>
    public IReadOnlyList<string> Seen
    {
        get
        {
            lock (rules)
            {
                return [.. seen];
            }
        }
    }

    /// <summary>Breaks the next requests whose first line contains a text.</summary>
    /// <param name="text">Such as <c>PUT /bucket/key</c>.</param>
    /// <param name="fault">How the response is broken.</param>
    /// <param name="times">Number of requests.</param>
    public void Inject(string text, HttpFault fault, int times = int.MaxValue)
    {
        lock (rules)
        {
            rules.Add(new Rule(text, fault, times));
        }
    }

    /// <summary>Forwards every request again.</summary>
    public void Reset()
    {
        lock (rules)
        {
            rules.Clear();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        listener.Stop();
        await serving;
        closing.Dispose();
    }

    private async Task ServeAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await listener.AcceptTcpClientAsync(closing.Token)));
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException) { }

        await Task.WhenAll(connections);
    }

    private async Task ServeAsync(TcpClient connection)
    {
        using var _ = connection;
        try
        {
            await using var client = connection.GetStream();
            if (await ReadHeadAsync(client) is not { } request)
            {
                return;
            }

            var exception = FaultOf(request);
            if (exception?.Before is { } before)
            {
                await before();
            }

            if (exception?.Answer is { } answer)
            {
                await client.WriteAsync(Encoding.ASCII.GetBytes(answer), closing.Token);
                connection.Client.Shutdown(SocketShutdown.Send);
                await client.CopyToAsync(Stream.Null, closing.Token);
                return;
            }

            await ForwardAsync(request, client, exception);
        }
        catch (Exception end) when (end is OperationCanceledException or IOException or SocketException)
        {
            // Either side went away: that is what this is for.
        }
    }

    private async Task ForwardAsync(string request, NetworkStream client, HttpFault? exception)
    {
        using var upstream = new TcpClient();
        await upstream.ConnectAsync(server.Host, server.Port, closing.Token);
        await using var stream = upstream.GetStream();
        var once = Without(request, exception?.Drops)
            .Replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n", StringComparison.Ordinal);
        await stream.WriteAsync(Encoding.Latin1.GetBytes(once), closing.Token);
        var up = client.CopyToAsync(stream, closing.Token);
        await PumpAsync(stream, client, exception);
        client.Close();
        try
        {
            await up;
        }
        catch (Exception end) when (end is IOException or ObjectDisposedException) { }
    }

    private static string Without(string request, string? header) =>
        header is null
            ? request
            : string.Join(
                "\r\n",
                request.Split("\r\n").Where(h => !h.StartsWith($"{header}:", StringComparison.OrdinalIgnoreCase))
            );

    private async Task PumpAsync(NetworkStream from, NetworkStream to, HttpFault? exception)
    {
        var piece = new byte[exception?.PieceBytes ?? PieceBytes];
        long passed = 0;
        for (int got; (got = await from.ReadAsync(piece, closing.Token)) > 0; passed += got)
        {
            if (exception?.After is { } after && passed + got > after)
            {
                await to.WriteAsync(piece.AsMemory(0, (int)(after - passed)), closing.Token);
                await (exception.Hangs ? Task.Delay(Timeout.Infinite, closing.Token) : Task.CompletedTask);
                return;
            }

            await to.WriteAsync(piece.AsMemory(0, got), closing.Token);
        }
    }

    private HttpFault? FaultOf(string request)
    {
        var line = request[..request.IndexOf('\r', StringComparison.Ordinal)];
        var range = request
            .Split("\r\n")
            .FirstOrDefault(h => h.StartsWith("Range:", StringComparison.OrdinalIgnoreCase));
        lock (rules)
        {
            seen.Add(range is null ? line : $"{line} {range}");
            var rule = rules.Find(r => r.Left > 0 && line.Contains(r.Text, StringComparison.Ordinal));
            if (rule is null)
            {
                return null;
            }

            rule.Left--;
            return rule.Fault;
        }
    }

    private async Task<string?> ReadHeadAsync(NetworkStream client)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (await client.ReadAsync(one, closing.Token) == 1)
        {
            head.Add(one[0]);
            if (head is [.., (byte)'\r', (byte)'\n', (byte)'\r', (byte)'\n'])
            {
                return Encoding.Latin1.GetString([.. head]);
            }
        }

        return null;
    }

    private sealed class Rule(string text, HttpFault fault, int left)
    {
        public string Text => text;
        public HttpFault Fault => fault;
        public int Left { get; set; } = left;
    }
}

/// <summary>How a response is broken.</summary>
public sealed record HttpFault
{
    /// <summary>A response that replaces the server's.</summary>
    public string? Answer { get; private init; }

    /// <summary>Number of bytes, head included, after which the response stops.</summary>
    public long? After { get; private init; }

    /// <summary>Whether the connection stays open after that.</summary>
    public bool Hangs { get; private init; }

    /// <summary>Size in bytes of the chunks in which it is sent.</summary>
    public int? PieceBytes { get; private init; }

    /// <summary>A request header that is not forwarded.</summary>
    public string? Drops { get; private init; }

    /// <summary>An action before the request is forwarded.</summary>
    public Func<Task>? Before { get; init; }

    /// <summary>An error response of S3 or SNS.</summary>
    public static HttpFault Error(int status, string code)
    {
        var body = $"<Error><Code>{code}</Code><Message>planted</Message><RequestId>1</RequestId></Error>";
        return new HttpFault
        {
            Answer = string.Create(
                CultureInfo.InvariantCulture,
                $"HTTP/1.1 {status} Planted\r\nContent-Type: application/xml\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"
            ),
        };
    }

    /// <summary>Closes the connection after some bytes.</summary>
    public static HttpFault Torn(long after) => new() { After = after };

    /// <summary>Sends nothing more after some bytes.</summary>
    public static HttpFault Hanging(long after) => new() { After = after, Hangs = true };

    /// <summary>Acts as a server that does not support a header.</summary>
    public static HttpFault Without(string header) => new() { Drops = header };

    /// <summary>Sends the response in small chunks.</summary>
    public static HttpFault InPieces(int bytes) => new() { PieceBytes = bytes };
}
