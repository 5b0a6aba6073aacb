using Amazon;
using Amazon.SimpleNotificationService;
using Amazon.SimpleNotificationService.Model;
using Etl.Application.Errors;
using Etl.Infrastructure.Aws;

namespace Etl.Infrastructure.Notify;

/// <summary>Publishes messages to an SNS topic, in the region of its ARN.</summary>
/// <param name="topic">The topic's ARN.</param>
/// <param name="retry">Who sends the message again after an error, such as <c>the next start sends the message</c>.</param>
internal sealed class TopicPublisher(string topic, string retry) : IDisposable
{
    /// <summary>The limit of SNS is 256 KiB including the attributes; 1 KiB is reserved for them.</summary>
    public const int MaxBytes = 255 * 1024;

    /// <summary>With the SDK's two retries, within the default of <c>Etl:Run:NotifySeconds</c>.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(6);

    private readonly Lazy<IAmazonSimpleNotificationService> client = new(() => CreateClient(topic));

    /// <returns>The ID that SNS gave the message.</returns>
    /// <exception cref="EtlException">SNS did not accept the message.</exception>
    public async Task<string?> PublishAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        var request = new PublishRequest
        {
            TopicArn = topic,
            Subject = message.Subject,
            Message = LimitedText.Fit(message.Body, MaxBytes, "SNS"),
            MessageAttributes = message.Attributes.ToDictionary(
                a => a.Key,
                a => new MessageAttributeValue { DataType = "String", StringValue = a.Value }
            ),
        };
        try
        {
            return (await client.Value.PublishAsync(request, cancellationToken)).MessageId;
        }
        catch (Exception exception) when (AwsErrorClassifier.IsAwsError(exception, cancellationToken))
        {
            throw Explain(topic, retry, exception);
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

    public static EtlException Explain(string topic, string retry, Exception exception)
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
            $"{nextStep}; {retry}.",
            kind is AwsErrorKind.Unreachable or AwsErrorKind.Unavailable,
            AwsErrorClassifier.CauseOf(exception)
        );
    }
}
