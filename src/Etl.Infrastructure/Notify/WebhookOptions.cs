using Etl.Application.Options;
using Etl.Infrastructure.Settings;
using FluentValidation;

namespace Etl.Infrastructure.Notify;

/// <summary>A web address that receives each message, for example a channel of Slack or Teams. Section <c>Etl:Notify:Webhook</c>.</summary>
public sealed class WebhookOptions
{
    /// <summary>
    /// The address, with https; http for a loopback address only. Who knows it can post, so it is a secret: set it in the
    /// environment, <c>ETL__NOTIFY__WEBHOOK__URL</c>. On the command line or in a file it is an error, and it is never shown.
    /// Default none.
    /// </summary>
    [Secret]
    public string? Url { get; set; }

    /// <summary>The content of a request. Default <see cref="WebhookFormat.Json"/>.</summary>
    public WebhookFormat Format { get; set; } = WebhookFormat.Json;

    /// <summary>Timeout in seconds of each request. Default 10.</summary>
    [Bounds(1, 60, "seconds")]
    public int TimeoutSeconds { get; set; } = 10;
}

/// <summary>The content of a webhook's request.</summary>
public enum WebhookFormat
{
    /// <summary>An object with <c>key</c>, <c>runId</c>, <c>businessDate</c>, <c>outcome</c>, <c>subject</c> and <c>body</c>.</summary>
    Json,

    /// <summary>For an incoming webhook of Slack.</summary>
    Slack,

    /// <summary>An Adaptive Card, for a workflow of Teams that starts when a webhook request is received.</summary>
    Teams,
}

internal sealed class WebhookOptionsValidator : OptionsValidator<WebhookOptions>
{
    public WebhookOptionsValidator() =>
        RuleFor(o => o.Url)
            .Must(url => string.IsNullOrWhiteSpace(url) || IsSafe(url))
            .WithMessage("is not an https address; give the address that Slack, Teams or your receiver shows.");

    private static bool IsSafe(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));
}
