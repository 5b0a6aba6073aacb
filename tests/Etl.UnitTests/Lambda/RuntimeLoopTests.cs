using System.Net;
using System.Text;
using Etl.Hosts.Lambda.RuntimeApi;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Lambda;

public sealed class RuntimeLoopTests
{
    [Fact]
    public async Task Each_invocation_is_answered_under_its_own_id_and_a_failed_one_is_failed()
    {
        using var platform = new RuntimeApiStandIn("""{"n":1}""", """{"n":2}""");
        using var client = new RuntimeClient(platform.Endpoint, TimeProvider.System);
        using var stop = new CancellationTokenSource();

        var loop = new RuntimeLoop(client).RunAsync(
            (payload, context, _) =>
                context.AwsRequestId == "request-2"
                    ? throw new InvocationException("source_missing", "no file")
                    : Task.FromResult(Encoding.UTF8.GetString(payload)),
            stop.Token
        );
        var calls = await platform.ServeAsync();
        await stop.CancelAsync();
        await loop;

        calls[0].ShouldBe(("/2018-06-01/runtime/invocation/request-1/response", null, """{"n":1}"""));
        calls[1].Path.ShouldBe("/2018-06-01/runtime/invocation/request-2/error");
        calls[1].ErrorType.ShouldBe("source_missing");
        calls[1].Body.ShouldContain("no file");
    }

    [Fact]
    public async Task A_fault_at_start_up_is_told_to_the_platform()
    {
        using var platform = new RuntimeApiStandIn();
        using var client = new RuntimeClient(platform.Endpoint, TimeProvider.System);
        var told = client.FailToStartAsync("configuration", "bad setting", CancellationToken.None);
        var call = await platform.AnswerPostAsync();
        await told;
        call.Path.ShouldBe("/2018-06-01/runtime/init/error");
        call.ErrorType.ShouldBe("configuration");
    }

    /// <summary>The server's side of the Runtime API: hands out payloads, takes answers.</summary>
    private sealed class RuntimeApiStandIn : IDisposable
    {
        private readonly HttpListener listener = new();
        private readonly string[] payloads;

        public RuntimeApiStandIn(params string[] payloads)
        {
            this.payloads = payloads;
            using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            Endpoint = $"127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}";
            probe.Stop();
            listener.Prefixes.Add($"http://{Endpoint}/");
            listener.Start();
        }

        public string Endpoint { get; }

        public async Task<List<(string Path, string? ErrorType, string Body)>> ServeAsync()
        {
            var calls = new List<(string, string?, string)>();
            for (var i = 0; i < payloads.Length; i++)
            {
                var next = await listener.GetContextAsync();
                next.Request.Url!.AbsolutePath.ShouldBe("/2018-06-01/runtime/invocation/next");
                next.Response.Headers["Lambda-Runtime-Aws-Request-Id"] = $"request-{i + 1}";
                next.Response.Headers["Lambda-Runtime-Deadline-Ms"] = "4102444800000";
                next.Response.Close(Encoding.UTF8.GetBytes(payloads[i]), willBlock: false);
                calls.Add(await AnswerPostAsync());
            }

            return calls;
        }

        public async Task<(string Path, string? ErrorType, string Body)> AnswerPostAsync()
        {
            var post = await listener.GetContextAsync();
            using var reader = new StreamReader(post.Request.InputStream);
            var body = await reader.ReadToEndAsync();
            post.Response.StatusCode = 202;
            post.Response.Close();
            return (post.Request.Url!.AbsolutePath, post.Request.Headers["Lambda-Runtime-Function-Error-Type"], body);
        }

        public void Dispose() => listener.Close();
    }
}
