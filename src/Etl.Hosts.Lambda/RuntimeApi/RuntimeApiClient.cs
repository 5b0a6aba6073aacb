using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>The four calls of the Lambda Runtime API, version 2018-06-01.</summary>
internal sealed class RuntimeApiClient : IDisposable
{
    private const string Json = "application/json";
    private const string ErrorJson = "application/vnd.aws.lambda.error+json";

    private static readonly string UserAgent =
        $"etl/{typeof(RuntimeApiClient).Assembly.GetName().Version?.ToString(3)} dotnet/{Environment.Version}";

    private readonly HttpClient http;
    private readonly TimeProvider clock;

    /// <param name="endpoint">Host and port, from <c>AWS_LAMBDA_RUNTIME_API</c>.</param>
    /// <param name="clock">The clock for the remaining time.</param>
    public RuntimeApiClient(string endpoint, TimeProvider clock)
    {
        this.clock = clock;
        http = new HttpClient
        {
            BaseAddress = new Uri($"http://{endpoint}/2018-06-01/runtime/"),
            Timeout = Timeout.InfiniteTimeSpan, // Lambda freezes the process during this call.
        };
        http.DefaultRequestHeaders.Add("User-Agent", UserAgent);
    }

    /// <summary>Waits for the next invocation.</summary>
    public async Task<LambdaContext> NextAsync(CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(new Uri("invocation/next", UriKind.Relative), cancellationToken);
        response.EnsureSuccessStatusCode();
        var deadline = long.Parse(Header("Lambda-Runtime-Deadline-Ms") ?? "0", CultureInfo.InvariantCulture);
        return new LambdaContext(
            Header("Lambda-Runtime-Aws-Request-Id") ?? "",
            Header("Lambda-Runtime-Invoked-Function-Arn") ?? "",
            Header("Lambda-Runtime-Trace-Id"),
            deadline > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(deadline) : DateTimeOffset.MaxValue,
            await response.Content.ReadAsByteArrayAsync(cancellationToken),
            clock
        );

        string? Header(string name) => response.Headers.TryGetValues(name, out var values) ? values.First() : null;
    }

    /// <summary>Sends the response of an invocation.</summary>
    /// <exception cref="InvalidOperationException">Lambda refused the response because of its size.</exception>
    public async Task RespondAsync(string requestId, Stream json, CancellationToken cancellationToken)
    {
        var bytes = json.Length;
        using var request = Post(PathOf(requestId, "response"), new StreamContent(json), Json);
        using var response = await http.SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.RequestEntityTooLarge)
        {
            throw new InvalidOperationException(
                string.Create(CultureInfo.InvariantCulture, $"Lambda refused the response of {bytes:N0} bytes.")
            )
            {
                Data = { [FunctionError.TypeKey] = "ResponseSizeTooLarge" },
            };
        }

        response.EnsureSuccessStatusCode();
    }

    /// <summary>Fails an invocation, so that alarms and destinations see it.</summary>
    public Task FailAsync(string requestId, FunctionError error, CancellationToken cancellationToken) =>
        FailAsync(PathOf(requestId, "error"), error, hasTrace: true, cancellationToken);

    /// <summary>Reports that the host could not start.</summary>
    public Task FailToStartAsync(FunctionError error, CancellationToken cancellationToken) =>
        FailAsync("init/error", error, hasTrace: false, cancellationToken);

    public void Dispose() => http.Dispose();

    private static string PathOf(string requestId, string end) => $"invocation/{Uri.EscapeDataString(requestId)}/{end}";

    private async Task FailAsync(string path, FunctionError error, bool hasTrace, CancellationToken cancellationToken)
    {
        using var request = Post(path, new StringContent(error.ToJson()), ErrorJson);
        request.Headers.Add("Lambda-Runtime-Function-Error-Type", error.Type);
        if (hasTrace)
        {
            request.Headers.TryAddWithoutValidation("Lambda-Runtime-Function-XRay-Error-Cause", error.ToXRayCause());
        }

        using var response = await http.SendAsync(request, cancellationToken);
        // After a response that is too large, Lambda has failed the invocation by itself, and accepts no second error.
        if (response.StatusCode != HttpStatusCode.Forbidden)
        {
            response.EnsureSuccessStatusCode();
        }
    }

    private static HttpRequestMessage Post(string path, HttpContent content, string mediaType)
    {
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        return new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
    }
}
