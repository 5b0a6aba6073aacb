using System.Net;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;

namespace Etl.Infrastructure.Notify.Sns;

/// <summary>Requests the attributes of a topic. Names and meanings are those of SNS.</summary>
internal sealed class GetTopicAttributesRequest : AmazonWebServiceRequest
{
    public required string TopicArn { get; init; }
}

/// <summary>The attributes of a topic.</summary>
internal sealed class GetTopicAttributesResponse : AmazonWebServiceResponse
{
    /// <summary>Include <c>SubscriptionsConfirmed</c> and <c>SubscriptionsPending</c>.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();
}

/// <summary>The action GetTopicAttributes in the Query protocol: the request is a form, the response is XML.</summary>
internal sealed class GetTopicAttributesMarshaller : IMarshaller<IRequest, AmazonWebServiceRequest>
{
    public IRequest Marshall(AmazonWebServiceRequest input) =>
        PublishMarshaller.Form(
            input,
            "GetTopicAttributes",
            new Dictionary<string, string> { ["TopicArn"] = ((GetTopicAttributesRequest)input).TopicArn }
        );
}

/// <inheritdoc cref="GetTopicAttributesMarshaller"/>
internal sealed class GetTopicAttributesUnmarshaller : XmlResponseUnmarshaller
{
    private readonly PublishUnmarshaller errors = new();

    public override AmazonWebServiceResponse Unmarshall(XmlUnmarshallerContext input)
    {
        var attributes = new Dictionary<string, string>();
        var name = "";
        while (input.Read())
        {
            if (input.IsStartElement && input.CurrentPath.EndsWith("/entry/key", StringComparison.Ordinal))
            {
                name = input.ReadText();
            }
            else if (input.IsStartElement && input.CurrentPath.EndsWith("/entry/value", StringComparison.Ordinal))
            {
                attributes[name] = input.ReadText();
            }
        }

        return new GetTopicAttributesResponse { Attributes = attributes };
    }

    public override AmazonServiceException UnmarshallException(
        XmlUnmarshallerContext input,
        Exception innerException,
        HttpStatusCode statusCode
    ) => errors.UnmarshallException(input, innerException, statusCode);
}
