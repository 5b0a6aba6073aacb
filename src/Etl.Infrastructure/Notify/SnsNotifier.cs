using Amazon;
using Etl.Application.Errors;
using Etl.Application.Notify;
using Etl.Application.Runs;
using Etl.Infrastructure.Aws;
using Etl.Infrastructure.Notify.Sns;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Etl.Infrastructure.Notify;

/// <summary>Publishes each message to an SNS topic, with attributes for the filter policies of subscriptions.</summary>
internal sealed partial class SnsNotifier(IOptions<NotifyOptions> options, ILogger<SnsNotifier> log)
    : INotifier,
        IDisposable
{
    private const string Pipeline = "etl";

    /// <summary>With the SDK's two retries, within the default of <c>Etl:Run:NotifySeconds</c>.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(6);

    private readonly string topic = options.Value.TopicArn!;
    private readonly Lazy<AmazonSimpleNotificationServiceClient> client = new(() =>
        CreateClient(options.Value.TopicArn!)
    );

    public async Task SendAsync(Message message, CancellationToken cancellationToken)
    {
        var request = new PublishRequest
        {
            TopicArn = topic,
            Subject = message.Subject,
            Message = SnsText.Fit(message.Body),
            MessageAttributes = new Dictionary<string, string>
            {
                ["outcome"] = MailText.TextOf(message.Outcome),
                ["pipeline"] = Pipeline,
                ["business_date"] = message.BusinessDate.ToString(),
            },
        };
        try
        {
            var sent = await client.Value.PublishAsync(request, cancellationToken);
            LogPublished(message.Subject, topic, sent.MessageId);
        }
        catch (Exception exception) when (AwsErrorClassifier.IsAwsError(exception, cancellationToken))
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

    public static AmazonSimpleNotificationServiceClient CreateClient(string topic) =>
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
        var kind = AwsErrorClassifier.Of(exception);
        var (message, nextStep) = kind switch
        {
            AwsErrorKind.NotFound => ("The topic does not exist", "Check Etl:Notify:TopicArn"),
            AwsErrorKind.AccessDenied => (
                "Publishing to the topic was denied",
                "Allow this role sns:Publish on it, and kms:GenerateDataKey and kms:Decrypt if it is encrypted"
            ),
            AwsErrorKind.Credentials => (
                "No AWS credentials were found, or SNS rejected them",
                "Give the host a role, or set the AWS_* variables or a profile"
            ),
            AwsErrorKind.KmsKey => (
                "The topic's KMS key cannot be used",
                "Check the key and this role's permissions for it"
            ),
            AwsErrorKind.ClockSkew => (
                "SNS rejected the request because this machine's clock is wrong",
                "Synchronize the clock"
            ),
            AwsErrorKind.Unreachable => (
                "SNS did not respond",
                "Check the network, AWS_ENDPOINT_URL and, in a VPC, the SNS endpoint"
            ),
            AwsErrorKind.Unavailable => ("SNS could not process the request", "Wait some minutes"),
            _ => ("SNS rejected the message", "Check Etl:Notify:TopicArn"),
        };
        return new EtlException(
            ErrorCode.Notify,
            $"{message}: {topic}",
            $"{nextStep}; the next start sends the message.",
            kind is AwsErrorKind.Unreachable or AwsErrorKind.Unavailable,
            AwsErrorClassifier.CauseOf(exception)
        );
    }

    [LoggerMessage(41, LogLevel.Information, "Published message \"{Subject}\" to {Topic} with id {Id}")]
    private partial void LogPublished(string subject, string topic, string? id);
}
