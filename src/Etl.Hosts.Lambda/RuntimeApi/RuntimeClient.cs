using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Etl.Hosts.Lambda.RuntimeApi;

/// <summary>The four calls of the Lambda Runtime API, version 2018-06-01.</summary>
internal sealed class RuntimeClient : IDisposable
{
    private readonly HttpClient http;
    private readonly TimeProvider clock;

    /// <param name="endpoint">Host and port, from <c>AWS_LAMBDA_RUNTIME_API</c>.</param>
    /// <param name="clock">The clock for the remaining time.</param>
    public RuntimeClient(string endpoint, TimeProvider clock)
    {
        this.clock = clock;
        http = new HttpClient
        {
            BaseAddress = new Uri($"http://{endpoint}/2018-06-01/runtime/"),
            Timeout = Timeout.InfiniteTimeSpan, // Lambda freezes the process during this call.
        };
    }

    /// <summary>Waits for the next invocation.</summary>
    public async Task<Invocation> NextAsync(CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(new Uri("invocation/next", UriKind.Relative), cancellationToken);
        response.EnsureSuccessStatusCode();
        var deadline = long.Parse(Header("Lambda-Runtime-Deadline-Ms") ?? "0", CultureInfo.InvariantCulture);
        return new Invocation(
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
    public Task RespondAsync(string requestId, string json, CancellationToken cancellationToken) =>
        PostAsync($"invocation/{Uri.EscapeDataString(requestId)}/response", json, errorType: null, cancellationToken);

    /// <summary>Fails an invocation, so that alarms and destinations see it.</summary>
    public Task FailAsync(string requestId, string errorType, string message, CancellationToken cancellationToken) =>
        PostAsync(
            $"invocation/{Uri.EscapeDataString(requestId)}/error",
            ErrorJson(errorType, message),
            errorType,
            cancellationToken
        );

    /// <summary>Reports that the host could not start.</summary>
    public Task FailToStartAsync(string errorType, string message, CancellationToken cancellationToken) =>
        PostAsync("init/error", ErrorJson(errorType, message), errorType, cancellationToken);

    public void Dispose() => http.Dispose();

    private async Task PostAsync(string path, string json, string? errorType, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Content = new StringContent(json, new MediaTypeHeaderValue("application/json"));
        if (errorType is not null)
        {
            request.Headers.Add("Lambda-Runtime-Function-Error-Type", errorType);
        }

        using var response = await http.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private static string ErrorJson(string errorType, string message) =>
        JsonSerializer.Serialize(
            new Dictionary<string, object>
            {
                ["errorType"] = errorType,
                ["errorMessage"] = message,
                ["stackTrace"] = Array.Empty<string>(),
            }
        );
}
