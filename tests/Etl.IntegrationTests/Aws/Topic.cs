using System.Net.Http.Headers;
using System.Text.Json;
using System.Xml.Linq;
using Etl.TestKit;

namespace Etl.IntegrationTests.Aws;

/// <summary>A topic for one test, with a subscribed queue from which published messages are read.</summary>
internal sealed class Topic : IDisposable
{
    private static int count;
    private readonly HttpClient client = new();
    private readonly Uri moto;
    private string queue = "";

    private Topic(Uri moto) => this.moto = moto;

    public string Arn { get; private set; } = "";

    public static async Task<Topic> CreateAsync(MotoServer server)
    {
        var topic = new Topic(await server.EndpointAsync());
        var name = $"topic-{Interlocked.Increment(ref count)}";
        topic.Arn = Value(await topic.AskAsync("sns", "CreateTopic", ("Name", name)), "TopicArn");
        topic.queue = Value(await topic.AskAsync("sqs", "CreateQueue", ("QueueName", name)), "QueueUrl");
        var queueArn = topic.Arn.Replace(":sns:", ":sqs:", StringComparison.Ordinal);
        await topic.AskAsync("sns", "Subscribe", ("TopicArn", topic.Arn), ("Protocol", "sqs"), ("Endpoint", queueArn));
        return topic;
    }

    /// <summary>All messages since the last call, oldest first.</summary>
    public async Task<List<Published>> TakeAsync()
    {
        var answer = await AskAsync(
            "sqs",
            "ReceiveMessage",
            ("QueueUrl", queue),
            ("MaxNumberOfMessages", "10"),
            ("VisibilityTimeout", "600")
        );
        return [.. answer.Descendants().Where(e => e.Name.LocalName == "Body").Select(e => Published.Of(e.Value))];
    }

    public void Dispose() => client.Dispose();

    private async Task<XDocument> AskAsync(string service, string action, params (string Name, string Value)[] values)
    {
        var form = values.ToDictionary(v => v.Name, v => v.Value);
        form["Action"] = action;
        using var request = new HttpRequestMessage(HttpMethod.Post, moto) { Content = new FormUrlEncodedContent(form) };
        // The AWS mock identifies the service by the signature's scope and does not verify the signature.
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "AWS4-HMAC-SHA256",
            $"Credential=test/20250101/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=0"
        );
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? XDocument.Parse(text) : throw new InvalidOperationException(text);
    }

    private static string Value(XDocument answer, string name) =>
        answer.Descendants().First(e => e.Name.LocalName == name).Value;

    internal sealed record Published(string Subject, string Text, Dictionary<string, string> Attributes)
    {
        public static Published Of(string envelope)
        {
            var json = JsonDocument.Parse(envelope).RootElement;
            return new Published(
                json.GetProperty(nameof(Subject)).GetString()!,
                json.GetProperty("Message").GetString()!,
                json.GetProperty("MessageAttributes")
                    .EnumerateObject()
                    .ToDictionary(a => a.Name, a => a.Value.GetProperty("Value").GetString()!)
            );
        }
    }
}
