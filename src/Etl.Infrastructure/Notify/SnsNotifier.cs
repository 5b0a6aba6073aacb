using Amazon;
using Etl.Application.Errors;
using Etl.Application.Notify;
using Etl.Application.Runs;
using Etl.Infrastructure.Aws;
using Etl.Infrastructure.Notify.Sns;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Etl.Infrastructure.Notify;

/// <summary>Publishes each message to a topic, with attributes that subscriptions may filter by.</summary>
internal sealed partial class SnsNotifier(IOptions<NotifyOptions> options, ILogger<SnsNotifier> log)
    : INotifier,
        IDisposable
{
    private const string Pipeline = "etl";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly string topic = options.Value.TopicArn!;
    private readonly Lazy<AmazonSimpleNotificationServiceClient> client = new(() => Make(options.Value.TopicArn!));

    public async Task SendAsync(Message message, CancellationToken cancellationToken)
    {
        var request = new PublishRequest
        {
            TopicArn = topic,
            Subject = message.Subject,
            Message = SnsText.Fit(message.Body),
            MessageAttributes = new Dictionary<string, string>
            {
                ["outcome"] = MailText.Word(message.Outcome),
                ["pipeline"] = Pipeline,
                ["business_date"] = message.BusinessDate.ToString(),
            },
        };
        try
        {
            var sent = await client.Value.PublishAsync(request, cancellationToken);
            LogPublished(message.Subject, topic, sent.MessageId);
        }
        catch (Exception exception) when (AwsErrorClassifier.IsFault(exception, cancellationToken))
        {
            throw Explain(topic, exception);
        }
    }

    public void Dispose()
    {
        if (client.IsValueCreated)
        {
            client.Value.Dispose();
        }
    }

    public static AmazonSimpleNotificationServiceClient Make(string topic) =>
        new(
            new AmazonSimpleNotificationServiceConfig
            {
                RegionEndpoint = RegionEndpoint.GetBySystemName(Arn.Parse(topic).Region),
                Timeout = Timeout,
                ConnectTimeout = Timeout,
            }
        );

    public static EtlException Explain(string topic, Exception exception)
    {
        var (message, nextStep) = AwsErrorClassifier.Of(exception) switch
        {
            AwsErrorKind.Missing => ("There is no such topic", "Check Etl:Notify:TopicArn"),
            AwsErrorKind.Denied => (
                "Publishing to the topic was denied",
                "Allow this role sns:Publish on it, and kms:GenerateDataKey and kms:Decrypt if it is encrypted"
            ),
            AwsErrorKind.Credentials => (
                "There are no AWS credentials, or SNS does not take them",
                "Give the host a role, or set the AWS_* variables or a profile"
            ),
            AwsErrorKind.KmsKey => (
                "The topic's KMS key cannot be used",
                "Check the key and what this role may do with it"
            ),
            AwsErrorKind.Clock => ("SNS finds this machine's clock wrong by more than it allows", "Set the clock"),
            AwsErrorKind.Unreachable => (
                "SNS did not answer",
                "Check the network and AWS_ENDPOINT_URL, and in a VPC its SNS endpoint"
            ),
            AwsErrorKind.Busy => ("SNS could not serve the topic", "Wait some minutes"),
            _ => ("SNS refused the message", "Check Etl:Notify:TopicArn"),
        };
        return new EtlException(
            ErrorCode.Notify,
            $"{message}: {topic}",
            $"{nextStep}; the next start sends the message.",
            retryable: true,
            AwsErrorClassifier.CauseOf(exception)
        );
    }

    [LoggerMessage(41, LogLevel.Information, "{Subject} (message {Id} to {Topic})")]
    private partial void LogPublished(string subject, string topic, string? id);
}
