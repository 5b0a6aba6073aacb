using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Etl.Application.Errors;
using Etl.Application.Operations;
using Etl.Application.Options;
using Etl.Application.Runs;
using Microsoft.Extensions.Options;

namespace Etl.Infrastructure.Notify;

/// <summary>
/// Posts each message to a web address. Nothing of the address is ever shown: no error has the exception of the client as its
/// cause, and the client writes no log and no trace.
/// </summary>
internal sealed class WebhookNotifier(IOptions<WebhookOptions> options, IOptions<RunOptions> run, TimeProvider clock)
    : ICheckedNotifier,
        IDisposable
{
    private const int MaxRetries = 2;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    private readonly WebhookOptions options = options.Value;
    private readonly TimeSpan budget = TimeSpan.FromSeconds(run.Value.NotifySeconds);
    private readonly Lazy<HttpClient> client = new(() =>
        new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                ActivityHeadersPropagator = null,
                PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            }
        )
        {
            Timeout = TimeSpan.FromSeconds(options.Value.TimeoutSeconds),
        }
    );

    public string Name => "webhook";

    private Uri Address => new(options.Url!);

    public async Task SendAsync(Message message, CancellationToken cancellationToken)
    {
        var payload = WebhookPayload.Write(message, options.Format);
        var begun = clock.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            var answer = await TryAsync(payload, cancellationToken);
            if (answer.Problem is not { } problem)
            {
                return;
            }

            var pause = answer.RetryAfter ?? FirstPause * Math.Pow(2, attempt);
            if (!answer.IsRetried || attempt == MaxRetries || clock.GetElapsedTime(begun) + pause >= budget)
            {
                throw Error(problem, answer.IsOutage);
            }

            await Task.Delay(pause, clock, cancellationToken);
        }
    }

    /// <summary>
    /// Connects as for a message. A request would be a message: neither Slack nor Teams can be asked whether an address is
    /// valid.
    /// </summary>
    public async Task<HealthCheckResult> CheckAsync(CancellationToken cancellationToken)
    {
        const string Unchecked = "whether it accepts messages is not checked, because each request is a message";
        if (HttpClient.DefaultProxy.GetProxy(Address) is { } proxy && proxy != Address)
        {
            return HealthCheckResult.NotChecked($"the webhook ({options.Format}) is reached through a proxy");
        }

        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(options.TimeoutSeconds), clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(Address.IdnHost, Address.Port, either.Token);
            if (Address.Scheme == Uri.UriSchemeHttp)
            {
                return HealthCheckResult.Ok($"the webhook ({options.Format}) is reachable, not encrypted; {Unchecked}");
            }

            await using var tls = new SslStream(socket.GetStream());
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions { TargetHost = Address.IdnHost },
                either.Token
            );
            return HealthCheckResult.Ok(
                $"the webhook ({options.Format}) is reachable, encrypted, certificate verified; {Unchecked}"
            );
        }
        catch (Exception exception) when (Explain(exception, cancellationToken) is { Problem: { } problem })
        {
            var error = Error(problem, isOutage: true).Error;
            return HealthCheckResult.Warning(error.Message, error.NextStep);
        }
    }

    public void Dispose()
    {
        if (client.IsValueCreated)
        {
            client.Value.Dispose();
        }
    }

    private async Task<Answer> TryAsync(byte[] payload, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Address);
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("etl", null));
            request.Content = new ByteArrayContent(payload);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var response = await client.Value.SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead,
                cancellationToken
            );
            return Of(response);
        }
        catch (Exception exception) when (Explain(exception, cancellationToken) is { } answer)
        {
            return answer;
        }
    }

    private Answer Of(HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        return response.StatusCode switch
        {
            _ when response.IsSuccessStatusCode => default,
            HttpStatusCode.TooManyRequests => new(
                "accepts no more messages now (status 429)",
                true,
                true,
                Pause(response)
            ),
            HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge => new(
                $"rejected the message (status {status})",
                IsRetried: false,
                IsOutage: false
            ),
            _ when status is >= 300 and < 400 => new(
                $"redirects to another address (status {status}), which is not followed",
                IsRetried: false,
                IsOutage: true
            ),
            _ => new($"responded with status {status}", status >= 500, IsOutage: true, Pause(response)),
        };
    }

    private TimeSpan? Pause(HttpResponseMessage response) =>
        response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - clock.GetUtcNow() is { Ticks: > 0 } span ? span : TimeSpan.Zero,
            _ => null,
        };

    /// <summary>
    /// By the type of the exception: its text has the address. A request that may have arrived is not repeated by this start.
    /// </summary>
    private static Answer? Explain(Exception exception, CancellationToken cancellationToken) =>
        exception switch
        {
            OperationCanceledException when !cancellationToken.IsCancellationRequested => new(
                "did not respond in time",
                IsRetried: false,
                IsOutage: true
            ),
            AuthenticationException
            or HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => new(
                "has a certificate that cannot be verified",
                IsRetried: false,
                IsOutage: true
            ),
            SocketException
            or HttpRequestException
            {
                HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
            } => new("cannot be reached", IsRetried: true, IsOutage: true),
            HttpRequestException or IOException => new("closed the connection", IsRetried: false, IsOutage: true),
            _ => null,
        };

    private EtlException Error(string problem, bool isOutage) =>
        new(
            ErrorCode.Notify,
            $"The webhook ({options.Format}) {problem}.",
            "Check ETL__NOTIFY__WEBHOOK__URL and Etl:Notify:Webhook:Format; the next start sends the message.",
            retryable: isOutage
        );

    /// <param name="Problem">What happened, as the rest of a sentence; null for success.</param>
    /// <param name="IsRetried">Whether this start tries again.</param>
    /// <param name="IsOutage">Whether other messages cannot be sent now, either.</param>
    /// <param name="RetryAfter">The pause that the server asks for; null if it does not.</param>
    private readonly record struct Answer(string? Problem, bool IsRetried, bool IsOutage, TimeSpan? RetryAfter = null);
}
