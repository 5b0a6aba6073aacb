using System.Net;
using Amazon.Runtime;

namespace Etl.Infrastructure.Notify.Sns;

/// <summary>Sends a message to a topic. Names and meanings are those of SNS.</summary>
internal sealed class PublishRequest : AmazonWebServiceRequest
{
    public required string TopicArn { get; init; }

    /// <summary>ASCII, at most 99 characters.</summary>
    public required string Subject { get; init; }

    /// <summary>At most 256 KiB of UTF-8, the attributes included.</summary>
    public required string Message { get; init; }

    /// <summary>String attributes for the filter policies of subscriptions.</summary>
    public required IReadOnlyDictionary<string, string> MessageAttributes { get; init; }
}

/// <summary>The topic received the message.</summary>
internal sealed class PublishResponse : AmazonWebServiceResponse
{
    public string? MessageId { get; init; }
}

/// <summary>SNS returned an error.</summary>
internal sealed class AmazonSimpleNotificationServiceException(
    string message,
    Exception inner,
    ErrorType type,
    string code,
    string requestId,
    HttpStatusCode status
) : AmazonServiceException(message, inner, type, code, requestId, status);
