using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Etl.TestKit;

/// <summary>A web server on loopback that stores the bodies of its requests and answers them as prepared.</summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    /// <summary>The part of the address that nothing may show.</summary>
    public const string Secret = "T0SECRETB0";

    private readonly HttpListener listener = new();
    private readonly ConcurrentQueue<string> bodies = new();
    private readonly ConcurrentQueue<Action<HttpListenerResponse>> answers = new();
    private readonly CancellationTokenSource closing = new();
    private readonly Task serving;
    private volatile bool isHanging;

    private WebhookReceiver(int port)
    {
        Root = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/");
        listener.Prefixes.Add(Root);
        listener.Start();
        serving = Task.Run(ServeAsync);
    }

    /// <summary>The address without its secret part.</summary>
    public string Root { get; }

    /// <summary>The address to post to.</summary>
    public string Url => $"{Root}services/{Secret}?sig={Secret}";

    /// <summary>The bodies of the requests to <see cref="Url"/>, in their order.</summary>
    public IReadOnlyList<string> Bodies => [.. bodies];

    /// <summary>A receiver on a free port, which answers 200.</summary>
    public static WebhookReceiver Start()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        return new WebhookReceiver(port);
    }

    /// <summary>Answers the next request with a status, and a header.</summary>
    public WebhookReceiver Answer(int status, string? header = null, string value = "")
    {
        answers.Enqueue(response =>
        {
            response.StatusCode = status;
            if (header is not null)
            {
                response.AddHeader(header, value);
            }
        });
        return this;
    }

    /// <summary>Answers no request from now on.</summary>
    public WebhookReceiver Hang()
    {
        isHanging = true;
        return this;
    }

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
        using var reader = new StreamReader(call.Request.InputStream);
        bodies.Enqueue(await reader.ReadToEndAsync(closing.Token));
        if (isHanging)
        {
            await Task.Delay(Timeout.Infinite, closing.Token);
        }

        if (
            call.Request.RawUrl?.Contains(Secret, StringComparison.Ordinal) != true
            || call.Request.HttpMethod != "POST"
        )
        {
            call.Response.StatusCode = 404;
        }
        else if (answers.TryDequeue(out var answer))
        {
            answer(call.Response);
        }

        call.Response.Close();
    }
}
