using Amazon.Runtime;

namespace Amazon.SimpleNotificationService.Model;

/// <summary>Requests the attributes of a topic.</summary>
internal sealed class GetTopicAttributesRequest : AmazonWebServiceRequest
{
    public string TopicArn { get; set; } = "";
}

/// <summary>The attributes of a topic.</summary>
internal sealed class GetTopicAttributesResponse : AmazonWebServiceResponse
{
    /// <summary>Include <c>SubscriptionsConfirmed</c> and <c>SubscriptionsPending</c>.</summary>
    public Dictionary<string, string> Attributes { get; set; } = [];
}
