using Amazon.SimpleNotificationService.Model;

namespace Amazon.SimpleNotificationService;

/// <summary>The two actions of SNS that are used.</summary>
internal interface IAmazonSimpleNotificationService : IDisposable
{
    /// <summary>Sends a message to a topic.</summary>
    Task<PublishResponse> PublishAsync(PublishRequest request, CancellationToken cancellationToken = default);

    /// <summary>Reads the attributes of a topic.</summary>
    Task<GetTopicAttributesResponse> GetTopicAttributesAsync(
        GetTopicAttributesRequest request,
        CancellationToken cancellationToken = default
    );
}
