using System.Collections.Concurrent;
using System.Net;

namespace Etl.TestKit;

/// <summary>A web server that stores the bodies of its requests and answers them as prepared, by default with 200.</summary>
public sealed class WebhookReceiver : LoopbackServer
{
    /// <summary>The part of the address that nothing may show.</summary>
    public const string Secret = "T0SECRETB0";

    private readonly ConcurrentQueue<string> bodies = new();
    private readonly ConcurrentQueue<Action<HttpListenerResponse>> answers = new();
    private volatile bool isHanging;

    /// <summary>The address without its secret part.</summary>
    public string Root => $"http://{Authority}/";

    /// <summary>The address to post to.</summary>
    public string Url => $"{Root}services/{Secret}?sig={Secret}";

    /// <summary>The bodies of the requests to <see cref="Url"/>, in their order.</summary>
    public IReadOnlyList<string> Bodies => [.. bodies];

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
    protected override async Task AnswerAsync(HttpListenerContext call)
    {
        using var reader = new StreamReader(call.Request.InputStream);
        bodies.Enqueue(await reader.ReadToEndAsync(Closing));
        if (isHanging)
        {
            await Task.Delay(Timeout.Infinite, Closing);
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
