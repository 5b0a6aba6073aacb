using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Web;

namespace Etl.TestKit;

/// <summary>An SNS endpoint on loopback that accepts requests and does not answer them, until it is repaired.</summary>
public sealed class HangingTopic : IAsyncDisposable
{
    private readonly HttpListener listener = new();
    private readonly ConcurrentQueue<string> subjects = new();
    private readonly CancellationTokenSource closing = new();
    private readonly Task serving;
    private volatile bool isRepaired;
    private int hanging;

    private HangingTopic(int port)
    {
        Endpoint = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        listener.Prefixes.Add($"{Endpoint}/");
        listener.Start();
        serving = Task.Run(ServeAsync);
    }

    /// <summary>The URL, for <c>AWS_ENDPOINT_URL_SNS</c>.</summary>
    public string Endpoint { get; }

    /// <summary>Requests that have had no answer.</summary>
    public int Hanging => hanging;

    /// <summary>The subjects of the published messages, in their order.</summary>
    public IReadOnlyList<string> Subjects => [.. subjects];

    /// <summary>An endpoint on a free port.</summary>
    public static HangingTopic Start()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        return new HangingTopic(port);
    }

    /// <summary>From now on requests are answered.</summary>
    public void Repair() => isRepaired = true;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        listener.Close();
        await serving;
        closing.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var call = await listener.GetContextAsync();
                _ = Task.Run(() => AnswerAsync(call));
            }
        }
        catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException) { }
    }

    private async Task AnswerAsync(HttpListenerContext call)
    {
        if (!isRepaired)
        {
            Interlocked.Increment(ref hanging);
            await Task.Delay(Timeout.Infinite, closing.Token);
        }

        using var reader = new StreamReader(call.Request.InputStream);
        subjects.Enqueue(HttpUtility.ParseQueryString(await reader.ReadToEndAsync(closing.Token))["Subject"] ?? "");
        call.Response.ContentType = "text/xml";
        call.Response.Close(
            """
            <PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>m-1</MessageId>
            </PublishResult><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></PublishResponse>
            """u8.ToArray(),
            willBlock: false
        );
    }
}
