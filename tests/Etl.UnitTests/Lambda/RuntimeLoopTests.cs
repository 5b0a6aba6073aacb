using System.Text;
using Etl.Hosts.Lambda.RuntimeApi;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Lambda;

public sealed class RuntimeLoopTests
{
    private const string TraceVariable = "_X_AMZN_TRACE_ID";

    [Fact]
    public async Task Each_invocation_gets_its_response_or_its_error()
    {
        var (first, second) = await ServeTwoAsync(
            (payload, context) =>
                context.AwsRequestId == "request-2"
                    ? throw new InvocationException("source_missing", "no file")
                    : Encoding.UTF8.GetString(payload)
        );

        (first.Succeeded, first.Body, first.ErrorType).ShouldBe((true, """{"n":1}""", null));
        (second.Succeeded, second.ErrorType).ShouldBe((false, "source_missing"));
        second.Body.ShouldBe("""{"errorType":"source_missing","errorMessage":"no file","stackTrace":[]}""");
    }

    [Fact]
    public async Task Each_invocation_has_its_function_and_remaining_time()
    {
        var contexts = new List<ILambdaContext>();
        await ServeTwoAsync(
            (_, context) =>
            {
                contexts.Add(context);
                return "{}";
            }
        );

        contexts.Count.ShouldBe(2);
        contexts.ShouldAllBe(c => c.InvokedFunctionArn.EndsWith(":function:etl"));
        contexts.ShouldAllBe(c =>
            c.RemainingTime > TimeSpan.FromMinutes(10) && c.RemainingTime <= TimeSpan.FromMinutes(15)
        );
    }

    [Fact]
    public async Task The_trace_header_is_in_the_environment_only_during_its_invocation()
    {
        var traces = new List<string?>();
        await ServeTwoAsync(
            (_, _) =>
            {
                traces.Add(Environment.GetEnvironmentVariable(TraceVariable));
                return "{}";
            },
            trace: "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1"
        );

        traces.ShouldBe(["Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1", null]);
    }

    [Fact]
    public async Task A_failed_start_is_reported_to_the_runtime_API()
    {
        await using var platform = RuntimeApiServer.Start();
        using var client = new RuntimeClient(platform.Endpoint, TimeProvider.System);
        await client.FailToStartAsync("configuration", "bad setting", CancellationToken.None);
        var error = await platform.InitError;
        error.ErrorType.ShouldBe("configuration");
        error.Body.ShouldContain("bad setting");
    }

    /// <summary>Two invocations, of which the first may have a trace, through one loop, which is then stopped.</summary>
    private static async Task<(RuntimeAnswer First, RuntimeAnswer Second)> ServeTwoAsync(
        Func<byte[], ILambdaContext, string> handler,
        string? trace = null
    )
    {
        await using var platform = RuntimeApiServer.Start();
        using var client = new RuntimeClient(platform.Endpoint, TimeProvider.System);
        using var stop = new CancellationTokenSource();
        var loop = new RuntimeLoop(client).RunAsync((p, c, _) => Task.FromResult(handler(p, c)), stop.Token);
        var first = await platform.InvokeAsync("""{"n":1}""", trace: trace);
        var second = await platform.InvokeAsync("""{"n":2}""");
        await stop.CancelAsync();
        await loop;
        return (first, second);
    }
}
