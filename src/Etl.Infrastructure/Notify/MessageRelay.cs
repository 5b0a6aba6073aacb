using System.Text.Json;
using Etl.Application.Errors;
using Etl.Infrastructure.Aws;
using Etl.Infrastructure.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Etl.Infrastructure.Notify;

/// <summary>What the relay did about an object.</summary>
public enum RelayResult
{
    /// <summary>The message was published.</summary>
    Published,

    /// <summary>The message was published before.</summary>
    AlreadySent,

    /// <summary>The object is a record of the relay.</summary>
    Ignored,
}

/// <summary>
/// Publishes the messages that runs wrote to a bucket. A record beside each message makes repeated and parallel events harmless:
/// an attempt creates it first, for the time of its invocation, and states in it that the message was sent. A message is sent
/// twice only if an invocation ends between the answer of the topic and that statement, because a lost message is worse.
/// </summary>
public sealed partial class MessageRelay : IDisposable
{
    private const string Retry = "the event is delivered again";

    /// <summary>For differences between the clocks of two machines.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    private readonly MessageObjects objects;
    private readonly ConditionalObjects bucket;
    private readonly TopicPublisher topic;
    private readonly TimeProvider clock;
    private readonly ILogger<MessageRelay> log;

    internal MessageRelay(NotifyOptions options, S3Access s3, TimeProvider clock, ILogger<MessageRelay> log)
    {
        objects = MessageObjects.Of(options);
        bucket = new ConditionalObjects(s3, (place, exception) => MessageObjects.Explain(Retry, place, exception));
        topic = new TopicPublisher(options.TopicArn!, Retry);
        this.clock = clock;
        this.log = log;
    }

    /// <summary>Registers the relay and its settings, <c>Etl:Notify</c> and <c>Etl:S3</c>; others are not read.</summary>
    /// <param name="services">The services of the host, with a clock and loggers.</param>
    /// <param name="configuration">The configuration of the host.</param>
    public static IServiceCollection AddTo(IServiceCollection services, IConfiguration configuration)
    {
        string[] sections = ["Etl:Notify:", "Etl:S3:"];
        var own = new ConfigurationBuilder()
            .AddInMemoryCollection(
                configuration
                    .AsEnumerable()
                    .Where(s => sections.Any(n => s.Key.StartsWith(n, StringComparison.OrdinalIgnoreCase)))
            )
            .Build();
        var etl = own.GetSection("Etl");
        return services
            .AddSettings<NotifyOptions, NotifyOptionsValidator>(etl, "Notify")
            .AddSettings<SmtpOptions, SmtpOptionsValidator>(etl, "Notify:Smtp")
            .AddSettings<WebhookOptions, WebhookOptionsValidator>(etl, "Notify:Webhook")
            .AddSettings<S3Options>(etl, "S3")
            .AddSingleton(p => new SettingsCheck(own, p.GetServices<SettingsSection>(), []))
            .AddSingleton<S3Access>()
            .AddSingleton(p => new MessageRelay(
                p.GetRequiredService<IOptions<NotifyOptions>>().Value,
                p.GetRequiredService<S3Access>(),
                p.GetRequiredService<TimeProvider>(),
                p.GetRequiredService<ILogger<MessageRelay>>()
            ));
    }

    /// <summary>Publishes the message of an object.</summary>
    /// <param name="uri">The object, as <c>s3://bucket/key</c>.</param>
    /// <param name="deadline">When the platform ends this attempt.</param>
    /// <param name="cancellationToken">Stops the attempt.</param>
    /// <exception cref="EtlException">The object is not a message, or could not be read or published.</exception>
    public async Task<RelayResult> RelayAsync(string uri, DateTimeOffset deadline, CancellationToken cancellationToken)
    {
        var place = S3Address.TryParse(uri);
        if (place is not null && objects.IsRecord(place))
        {
            return RelayResult.Ignored;
        }

        if (place is null || objects.KeyOf(place) is not { } key)
        {
            throw new EtlException(
                ErrorCode.Usage,
                $"The object {uri} is not a message; messages are {objects}.",
                $"Check {MessageObjects.Setting} and the filter of the bucket's notification."
            );
        }

        var message = await ReadAsync(place, cancellationToken);
        var record = objects.RecordOf(key);
        var attempt = SendRecord.Begin(deadline);
        if (await ClaimAsync(key, record, attempt, cancellationToken) is not { } etag)
        {
            LogAlreadySent(key);
            return RelayResult.AlreadySent;
        }

        var id = await PublishAsync(message, attempt, record, etag, cancellationToken);
        // The message cannot be taken back, so the request is not stopped.
        var sent = attempt with
        {
            State = SendState.Sent,
            MessageId = id,
        };
        await bucket.WriteAsync(record, sent.ToJson(), etag, CancellationToken.None);
        LogPublished(key, id);
        return RelayResult.Published;
    }

    /// <inheritdoc/>
    public void Dispose() => topic.Dispose();

    private async Task<OutgoingMessage> ReadAsync(S3Address place, CancellationToken cancellationToken)
    {
        try
        {
            return OutgoingMessage.Parse((await bucket.ReadAsync(place, cancellationToken)).Bytes);
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException)
        {
            throw new EtlException(
                ErrorCode.Notify,
                $"The object {place} is not the JSON of a message.",
                "Delete it, and allow no one but the role of the runs to write messages.",
                retryable: false,
                exception
            );
        }
    }

    /// <returns>The state of this attempt's record; null if the message was sent.</returns>
    private async Task<string?> ClaimAsync(
        string key,
        S3Address record,
        SendRecord attempt,
        CancellationToken cancellationToken
    )
    {
        string? etag = null;
        for (var isFirst = true; ; isFirst = false)
        {
            var stored = await bucket.WriteAsync(record, attempt.ToJson(), etag, cancellationToken);
            var found = SendRecord.Parse(stored.Bytes);
            switch (found.State)
            {
                case SendState.Sent:
                    return null;
                case SendState.Sending when found.Sender == attempt.Sender:
                    return stored.ETag;
                case SendState.Sending when !isFirst || clock.GetUtcNow() < found.Until + Margin:
                    throw new EtlException(
                        ErrorCode.InProgress,
                        $"Another invocation is sending message {key}.",
                        "Nothing: the event is delivered again, and the message is sent then if it was not sent.",
                        retryable: true
                    );
                default:
                    etag = stored.ETag;
                    break;
            }
        }
    }

    private async Task<string?> PublishAsync(
        OutgoingMessage message,
        SendRecord attempt,
        S3Address record,
        string etag,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await topic.PublishAsync(message, cancellationToken);
        }
        catch (EtlException)
        {
            try
            {
                var refused = attempt with { State = SendState.Refused };
                await bucket.WriteAsync(record, refused.ToJson(), etag, cancellationToken);
            }
            catch (EtlException)
            {
                // The record ends by itself, and the error of the topic is the one to report.
            }

            throw;
        }
    }

    [LoggerMessage(44, LogLevel.Information, "Published message {Key} with id {Id}")]
    private partial void LogPublished(string key, string? id);

    [LoggerMessage(45, LogLevel.Information, "Message {Key} was already sent")]
    private partial void LogAlreadySent(string key);
}
