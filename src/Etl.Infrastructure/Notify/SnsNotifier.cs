using System.Globalization;
using Amazon.SimpleNotificationService.Model;
using Etl.Application.Operations;
using Etl.Application.Runs;
using Etl.Infrastructure.Aws;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Etl.Infrastructure.Notify;

/// <summary>Publishes each message to an SNS topic, with attributes for the filter policies of subscriptions.</summary>
internal sealed partial class SnsNotifier(IOptions<NotifyOptions> options, ILogger<SnsNotifier> log)
    : ICheckedNotifier,
        IDisposable
{
    /// <summary>Who sends a message after an error.</summary>
    public const string Retry = "the next start sends the message";

    private readonly string topic = options.Value.TopicArn!;
    private readonly TopicPublisher publisher = new(options.Value.TopicArn!, Retry);

    public string Name => "sns";

    public async Task SendAsync(Message message, CancellationToken cancellationToken)
    {
        var id = await publisher.PublishAsync(OutgoingMessage.Of(message), cancellationToken);
        LogPublished(message.Subject, topic, id);
    }

    public async Task<HealthCheckResult> CheckAsync(CancellationToken cancellationToken)
    {
        using var client = TopicPublisher.CreateClient(topic);
        try
        {
            var request = new GetTopicAttributesRequest { TopicArn = topic };
            return OfSubscriptions(
                topic,
                (await client.GetTopicAttributesAsync(request, cancellationToken)).Attributes
            );
        }
        catch (Exception exception) when (AwsErrorClassifier.IsAwsError(exception, cancellationToken))
        {
            // A role with permission to publish only is the recommended setup.
            var error = TopicPublisher.Explain(topic, Retry, exception).Error;
            return AwsErrorClassifier.Of(exception) == AwsErrorKind.AccessDenied
                ? HealthCheckResult.NotChecked(
                    $"{topic}: this role has no permission to read the topic's subscriptions"
                )
                : HealthCheckResult.Warning(error.Message, error.NextStep);
        }
    }

    public void Dispose() => publisher.Dispose();

    internal static HealthCheckResult OfSubscriptions(string arn, IReadOnlyDictionary<string, string> topic) =>
        (Number(topic, "SubscriptionsConfirmed"), Number(topic, "SubscriptionsPending")) switch
        {
            (0, 0) => HealthCheckResult.Warning(
                $"{arn} has no subscriptions",
                "Subscribe the recipients of the messages."
            ),
            (var confirmed, var pending and > 0) => HealthCheckResult.Warning(
                $"{arn}: {Counted.Of(confirmed, "subscription")} confirmed, {pending} pending",
                "Open the confirmation link in the mail that AWS sent to each address."
            ),
            (var confirmed, _) => HealthCheckResult.Ok(
                $"{arn}: {Counted.Of(confirmed, "subscription")}, all confirmed"
            ),
        };

    private static int Number(IReadOnlyDictionary<string, string> topic, string name) =>
        topic.TryGetValue(name, out var text) && int.TryParse(text, CultureInfo.InvariantCulture, out var number)
            ? number
            : 0;

    [LoggerMessage(41, LogLevel.Information, "Published message \"{Subject}\" to {Topic} with id {Id}")]
    private partial void LogPublished(string subject, string topic, string? id);
}
