using System.Collections.Concurrent;
using System.Net;
using System.Web;

namespace Etl.TestKit;

/// <summary>An SNS endpoint on loopback that accepts requests and does not answer them, until it is repaired.</summary>
public sealed class HangingTopic : LoopbackServer
{
    private readonly ConcurrentQueue<string> subjects = new();
    private volatile bool isRepaired;
    private int hanging;

    /// <summary>The URL, for <c>AWS_ENDPOINT_URL_SNS</c>.</summary>
    public string Endpoint => $"http://{Authority}";

    /// <summary>Requests that have had no answer.</summary>
    public int Hanging => hanging;

    /// <summary>The subjects of the published messages, in their order.</summary>
    public IReadOnlyList<string> Subjects => [.. subjects];

    /// <summary>From now on requests are answered.</summary>
    public void Repair() => isRepaired = true;

    /// <inheritdoc/>
    protected override async Task AnswerAsync(HttpListenerContext call)
    {
        if (!isRepaired)
        {
            Interlocked.Increment(ref hanging);
            await Task.Delay(Timeout.Infinite, Closing);
        }

        using var reader = new StreamReader(call.Request.InputStream);
        subjects.Enqueue(HttpUtility.ParseQueryString(await reader.ReadToEndAsync(Closing))["Subject"] ?? "");
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
