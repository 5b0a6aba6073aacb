using System.Text;
using System.Text.Json;
using Amazon.Lambda.Core;
using Amazon.Lambda.RuntimeSupport;
using Etl.Application.Errors;
using Etl.Hosts.Lambda.Errors;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Lambda;

public sealed class LambdaBootstrapTests
{
    private const string TraceVariable = "_X_AMZN_TRACE_ID";

    [Fact]
    public async Task Each_invocation_gets_its_response_or_its_error()
    {
        var (first, second) = await ServeTwoAsync(
            (payload, context) =>
                context.AwsRequestId == "request-2"
                    ? throw new InvocationException(ErrorCode.SourceMissing, "no file")
                    : Encoding.UTF8.GetString(payload)
        );

        (first.Succeeded, first.Body, first.ErrorType).ShouldBe((true, """{"n":1}""", null));
        (second.Succeeded, second.ErrorType).ShouldBe((false, "Function.SourceMissing"));
        second.Body.ShouldBe("""{"errorType":"Function.SourceMissing","errorMessage":"no file","stackTrace":[]}""");
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
    public async Task Any_exception_fails_its_invocation_and_the_next_one_is_served()
    {
        var (first, second) = await ServeTwoAsync(
            (_, context) => context.AwsRequestId == "request-1" ? throw new TimeZoneNotFoundException("no Mars") : "{}"
        );

        (first.Succeeded, first.ErrorType).ShouldBe((false, "Function.TimeZoneNotFoundException"));
        var body = JsonDocument.Parse(first.Body).RootElement;
        body.GetProperty("errorMessage").GetString().ShouldBe("no Mars");
        body.GetProperty("stackTrace")[0].GetString()!.ShouldStartWith("at ");
        second.Succeeded.ShouldBeTrue();
    }

    [Fact]
    public async Task A_response_that_is_too_large_fails_its_invocation()
    {
        var (first, second) = await ServeTwoAsync(
            (_, context) => context.AwsRequestId == "request-1" ? new string('x', 7 * 1024 * 1024) : "{}"
        );

        (first.Succeeded, first.ErrorType).ShouldBe((false, "Function.ResponseSizeTooLarge"));
        second.Succeeded.ShouldBeTrue();
    }

    [Fact]
    public async Task An_error_has_the_headers_of_the_platform()
    {
        var (error, response) = await ServeTwoAsync(
            (_, context) =>
                context.AwsRequestId == "request-1"
                    ? throw new InvocationException(ErrorCode.Lake, "kein Platz für é")
                    : "{}"
        );

        error.Headers["Content-Type"].ShouldBe("application/vnd.aws.lambda.error+json");
        response.Headers["Content-Type"].ShouldBe("application/json");
        error.Headers["User-Agent"].ShouldStartWith("etl/");
        response.Headers["User-Agent"].ShouldBe(error.Headers["User-Agent"]);
        var cause = JsonDocument.Parse(error.Headers["Lambda-Runtime-Function-XRay-Error-Cause"]).RootElement;
        cause.GetProperty("working_directory").GetString().ShouldNotBeNullOrEmpty();
        cause.GetProperty("paths").GetArrayLength().ShouldBe(0);
        var exception = cause.GetProperty("exceptions").EnumerateArray().Single();
        exception.GetProperty("type").GetString().ShouldBe("Function.Lake");
        exception.GetProperty("message").GetString().ShouldBe("kein Platz für é");
    }

    [Fact]
    public void The_cause_of_an_unexpected_error_has_its_frames()
    {
        var thrown = Record.Exception(() => RuntimeEndpoint(null!));
        var cause = JsonDocument.Parse(FunctionError.Of(thrown!).ToXRayCause()).RootElement;
        var frames = cause.GetProperty("exceptions")[0].GetProperty("stack").EnumerateArray().ToList();
        frames[0]
            .GetProperty("label")
            .GetString()
            .ShouldBe($"{nameof(LambdaBootstrapTests)}.{nameof(RuntimeEndpoint)}");
        frames[0].GetProperty("line").GetInt32().ShouldBeGreaterThan(0);
        cause.GetProperty("paths")[0].GetString().ShouldEndWith("LambdaBootstrapTests.cs");
    }

    [Fact]
    public async Task A_failed_start_is_reported_to_the_runtime_API()
    {
        await using var platform = new RuntimeApiServer();
        using var bootstrap = BootstrapOf(
            platform,
            (_, _) => "{}",
            () => throw new InvocationException(ErrorCode.Configuration, "bad setting")
        );
        await Should.ThrowAsync<InvocationException>(() => bootstrap.RunAsync());
        var reported = await platform.InitError;
        reported.ErrorType.ShouldBe("Function.Configuration");
        reported.Body.ShouldContain("bad setting");
    }

    [Fact]
    public void The_runtime_client_knows_nothing_of_the_product()
    {
        var folder = Path.Combine(Repository.Root, "src", "Etl.Hosts.Lambda", "RuntimeApi");
        var files = Directory.GetFiles(folder, "*.cs");
        files.ShouldNotBeEmpty();
        files.SelectMany(File.ReadAllLines).ShouldNotContain(l => l.StartsWith("using Etl."));
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static int RuntimeEndpoint(string endpoint) => endpoint.Length;

    /// <summary>Two invocations, of which the first may have a trace, through one loop, which is then stopped.</summary>
    private static async Task<(RuntimeAnswer First, RuntimeAnswer Second)> ServeTwoAsync(
        Func<byte[], ILambdaContext, string> handler,
        string? trace = null
    )
    {
        await using var platform = new RuntimeApiServer();
        using var bootstrap = BootstrapOf(platform, handler);
        using var stop = new CancellationTokenSource();
        var loop = bootstrap.RunAsync(stop.Token);
        var first = await AnswerAsync(platform.InvokeAsync("""{"n":1}""", trace: trace));
        var second = await AnswerAsync(platform.InvokeAsync("""{"n":2}"""));
        await stop.CancelAsync();
        await loop;
        return (first, second);

        async Task<RuntimeAnswer> AnswerAsync(Task<RuntimeAnswer> answer)
        {
            if (await Task.WhenAny(answer, loop) == loop)
            {
                await loop; // It ended by an exception, and answers nothing.
            }

            return await answer;
        }
    }

    private static LambdaBootstrap BootstrapOf(
        RuntimeApiServer platform,
        Func<byte[], ILambdaContext, string> handler,
        LambdaBootstrapInitializer? initializer = null
    ) =>
        new(
            new RuntimeApiClient(platform.Endpoint, TimeProvider.System),
            (input, context) =>
            {
                var answer = handler(((MemoryStream)input).ToArray(), context);
                return Task.FromResult<Stream>(new MemoryStream(Encoding.UTF8.GetBytes(answer)));
            },
            initializer
        );
}
