using Amazon.Runtime;

namespace Amazon.SimpleNotificationService.Model;

/// <summary>Sends a message to a topic.</summary>
internal sealed class PublishRequest : AmazonWebServiceRequest
{
    public string TopicArn { get; set; } = "";

    /// <summary>ASCII, at most 99 characters.</summary>
    public string Subject { get; set; } = "";

    /// <summary>At most 256 KiB of UTF-8, the attributes included.</summary>
    public string Message { get; set; } = "";

    /// <summary>Attributes for the filter policies of subscriptions.</summary>
    public Dictionary<string, MessageAttributeValue> MessageAttributes { get; set; } = [];
}

/// <summary>The value of an attribute.</summary>
internal sealed class MessageAttributeValue
{
    /// <summary><c>String</c> is the only type that is used.</summary>
    public string DataType { get; set; } = "";

    public string StringValue { get; set; } = "";
}

/// <summary>The topic received the message.</summary>
internal sealed class PublishResponse : AmazonWebServiceResponse
{
    public string? MessageId { get; set; }
}
