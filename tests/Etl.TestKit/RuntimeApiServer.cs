using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Threading.Channels;

namespace Etl.TestKit;

/// <summary>
/// The Lambda Runtime API, version 2018-06-01, on loopback, for a host in a process or a container: returns queued
/// invocations and receives responses and initialization errors.
/// </summary>
public sealed class RuntimeApiServer : LoopbackServer
{
    private const string Root = "/2018-06-01/runtime/";
    private const string Arn = "arn:aws:lambda:eu-central-1:000000000000:function:etl";

    /// <summary>The limit of Lambda for a response, in bytes.</summary>
    private const int MaxResponse = 6 * 1024 * 1024 + 100;

    private const string TooLarge =
        """{"errorType":"Function.ResponseSizeTooLarge","errorMessage":"Response payload size exceeded."}""";

    private readonly Channel<Pending> queue = Channel.CreateUnbounded<Pending>();
    private readonly ConcurrentDictionary<string, Pending> handedOut = new();
    private readonly TaskCompletionSource<RuntimeAnswer> initError = new();
    private readonly TaskCompletionSource ready = new();
    private int count;

    /// <summary>Host and port, for <c>AWS_LAMBDA_RUNTIME_API</c>.</summary>
    public string Endpoint => Authority;

    /// <summary>Completes when a host requests its first invocation.</summary>
    public Task Ready => ready.Task;

    /// <summary>The initialization error of the host.</summary>
    public Task<RuntimeAnswer> InitError => initError.Task;

    /// <summary>Queues an event and waits for the host's response.</summary>
    /// <param name="payload">The event.</param>
    /// <param name="timeLimit">Time from delivery to the deadline; by default 15 minutes, Lambda's maximum.</param>
    /// <param name="trace">The trace header; none unless given.</param>
    public Task<RuntimeAnswer> InvokeAsync(string payload, TimeSpan? timeLimit = null, string? trace = null)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"request-{Interlocked.Increment(ref count)}");
        var pending = new Pending(id, payload, timeLimit ?? TimeSpan.FromMinutes(15), trace);
        queue.Writer.TryWrite(pending);
        return pending.Answer.Task;
    }

    /// <inheritdoc/>
    protected override async Task AnswerAsync(HttpListenerContext call)
    {
        var path = call.Request.Url!.AbsolutePath;
        if (path == Root + "invocation/next")
        {
            await HandOutAsync(call);
        }
        else
        {
            await TakeAsync(call, path);
        }
    }

    private async Task HandOutAsync(HttpListenerContext call)
    {
        ready.TrySetResult();
        var next = await queue.Reader.ReadAsync(Closing);
        handedOut[next.Id] = next;
        next.Deadline = TimeProvider.System.GetUtcNow() + next.TimeLimit;
        var headers = call.Response.Headers;
        headers["Lambda-Runtime-Aws-Request-Id"] = next.Id;
        headers["Lambda-Runtime-Deadline-Ms"] = next
            .Deadline.ToUnixTimeMilliseconds()
            .ToString(CultureInfo.InvariantCulture);
        headers["Lambda-Runtime-Invoked-Function-Arn"] = Arn;
        if (next.Trace is not null)
        {
            headers["Lambda-Runtime-Trace-Id"] = next.Trace;
        }

        call.Response.ContentType = "application/json";
        call.Response.Close(System.Text.Encoding.UTF8.GetBytes(next.Payload), willBlock: false);
    }

    private async Task TakeAsync(HttpListenerContext call, string path)
    {
        using var reader = new StreamReader(call.Request.InputStream);
        var body = await reader.ReadToEndAsync(Closing);
        var errorType = call.Request.Headers["Lambda-Runtime-Function-Error-Type"];
        var parts = path[Root.Length..].Split('/');
        Pending? pending = null;
        var known = parts switch
        {
            ["init", "error"] => true,
            ["invocation", var id, "response" or "error"] => handedOut.TryRemove(id, out pending),
            _ => false,
        };
        // The platform fails the invocation by itself, and refuses an error that the host then sends.
        var large = parts[^1] == "response" && System.Text.Encoding.UTF8.GetByteCount(body) > MaxResponse;
        (errorType, body) = large ? ("Function.ResponseSizeTooLarge", TooLarge) : (errorType, body);
        call.Response.StatusCode = (int)(
            large ? HttpStatusCode.RequestEntityTooLarge
            : known ? HttpStatusCode.Accepted
            : HttpStatusCode.Forbidden
        );
        call.Response.ContentType = "application/json";
        call.Response.Close("{}"u8.ToArray(), willBlock: false);
        var left = (pending?.Deadline ?? DateTimeOffset.MaxValue) - TimeProvider.System.GetUtcNow();
        (known ? pending?.Answer ?? initError : null)?.TrySetResult(
            new RuntimeAnswer(
                parts[^1] == "response" && !large,
                body,
                errorType,
                left,
                call.Request.Headers.AllKeys.OfType<string>().ToDictionary(k => k, k => call.Request.Headers[k]!)
            )
        );
    }

    private sealed record Pending(string Id, string Payload, TimeSpan TimeLimit, string? Trace)
    {
        public TaskCompletionSource<RuntimeAnswer> Answer { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public DateTimeOffset Deadline { get; set; }
    }
}

/// <summary>A host's response.</summary>
/// <param name="Succeeded">True for a response, false for an error.</param>
/// <param name="Body">The JSON.</param>
/// <param name="ErrorType">The error's type, from the header.</param>
/// <param name="Left">Time from the response to the deadline.</param>
/// <param name="Headers">The other headers of the request.</param>
public sealed record RuntimeAnswer(
    bool Succeeded,
    string Body,
    string? ErrorType,
    TimeSpan Left,
    IReadOnlyDictionary<string, string> Headers
);
