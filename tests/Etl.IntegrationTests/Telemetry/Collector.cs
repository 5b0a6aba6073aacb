using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Etl.IntegrationTests.Telemetry;

/// <summary>Receives OTLP over HTTP like a collector, and keeps it.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly HttpListener listener = new();
    private readonly ConcurrentQueue<(string Path, byte[] Body)> received = [];
    private readonly Task loop;

    public Collector()
    {
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Address = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}";
        }

        listener.Prefixes.Add($"{Address}/");
        listener.Start();
        loop = ReceiveAsync();
    }

    public string Address { get; }

    /// <summary>Everything received, as text, to check that it contains no secret.</summary>
    public string Everything => string.Concat(received.Select(r => Encoding.Latin1.GetString(r.Body)));

    public IReadOnlyList<string> Paths => [.. received.Select(r => r.Path).Distinct().Order()];

    public IReadOnlyList<Span> Spans =>
        [
            .. from scope in Of("/v1/traces", 1, 2)
            from span in scope.All(2)
            select new Span(
                scope.All(1).Single().Text(1),
                span.Text(5),
                span.Hex(1),
                span.Hex(2),
                span.Hex(4),
                span.Attributes(9),
                span.All(15).FirstOrDefault()?.Number(3) == 2
            ),
        ];

    public IReadOnlyList<Point> Points =>
        [
            .. from metric in Of("/v1/metrics", 1, 2, 2)
            from kind in new[]
            {
                (Field: 5, Labels: 7, Value: 6),
                (Field: 7, Labels: 7, Value: 6),
                (Field: 9, Labels: 9, Value: 4),
            }
            from point in metric.All(kind.Field, 1)
            select new Point(metric.Text(1), point.Attributes(kind.Labels), point.Number(kind.Value)),
        ];

    public IReadOnlyDictionary<string, string> Resource => Of("/v1/traces", 1, 1).First().Attributes(1);

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        await loop;
        listener.Close();
    }

    private IEnumerable<ProtoMessage> Of(string path, params int[] fields) =>
        received.Where(r => r.Path == path).SelectMany(r => new ProtoMessage(r.Body).All(fields));

    private async Task ReceiveAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception end) when (end is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            received.Enqueue((context.Request.Url!.AbsolutePath, body.ToArray()));
            context.Response.Close();
        }
    }
}

/// <summary>A span as received by a collector.</summary>
internal sealed record Span(
    string Source,
    string Name,
    string TraceId,
    string Id,
    string ParentId,
    IReadOnlyDictionary<string, string> Attributes,
    bool Failed
);

/// <summary>A data point of a metric; for a histogram, its count.</summary>
internal sealed record Point(string Name, IReadOnlyDictionary<string, string> Labels, long Value);
