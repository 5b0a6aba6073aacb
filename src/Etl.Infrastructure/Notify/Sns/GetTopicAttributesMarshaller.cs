using System.Net;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;
using Amazon.SimpleNotificationService.Model;

namespace Amazon.SimpleNotificationService;

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
