using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Etl.TestKit;

/// <summary>A web server on a free port of loopback. It stops with the test.</summary>
public abstract class LoopbackServer : IAsyncDisposable
{
    private readonly HttpListener listener = new();
    private readonly CancellationTokenSource closing = new();
    private readonly Task serving;

    /// <summary>Starts it.</summary>
    protected LoopbackServer()
    {
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Authority = string.Create(CultureInfo.InvariantCulture, $"{probe.LocalEndpoint}");
        }

        listener.Prefixes.Add($"http://{Authority}/");
        listener.Start();
        serving = Task.Run(ServeAsync);
    }

    /// <summary>Host and port.</summary>
    protected string Authority { get; }

    /// <summary>Canceled when the server stops.</summary>
    protected CancellationToken Closing => closing.Token;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        listener.Close();
        await serving;
        closing.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Answers a request; an error of a connection that ends with the test is ignored.</summary>
    protected abstract Task AnswerAsync(HttpListenerContext call);

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var call = await listener.GetContextAsync();
                _ = Task.Run(() => TryAnswerAsync(call));
            }
        }
        catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException) { }
    }

    private async Task TryAnswerAsync(HttpListenerContext call)
    {
        try
        {
            await AnswerAsync(call);
        }
        catch (Exception closed)
            when (closed
                    is HttpListenerException
                        or OperationCanceledException
                        or ObjectDisposedException
                        or IOException
            ) { }
    }
}
