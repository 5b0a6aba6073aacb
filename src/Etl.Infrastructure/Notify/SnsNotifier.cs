using Etl.Application.Notify;
using Etl.Application.Runs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Etl.Infrastructure.Notify;

/// <summary>Publishes each message to an SNS topic, with attributes for the filter policies of subscriptions.</summary>
internal sealed partial class SnsNotifier(IOptions<NotifyOptions> options, ILogger<SnsNotifier> log)
    : INotifier,
        IDisposable
{
    /// <summary>Who sends a message after an error.</summary>
    public const string Retry = "the next start sends the message";

    private readonly string topic = options.Value.TopicArn!;
    private readonly TopicPublisher publisher = new(options.Value.TopicArn!, Retry);

    public async Task SendAsync(Message message, CancellationToken cancellationToken)
    {
        var id = await publisher.PublishAsync(OutgoingMessage.Of(message), cancellationToken);
        LogPublished(message.Subject, topic, id);
    }

    public void Dispose() => publisher.Dispose();

    [LoggerMessage(41, LogLevel.Information, "Published message \"{Subject}\" to {Topic} with id {Id}")]
    private partial void LogPublished(string subject, string topic, string? id);
}
