using System.Globalization;
using System.Net;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;
using Amazon.SimpleNotificationService.Model;

namespace Amazon.SimpleNotificationService;

/// <summary>The action Publish in the Query protocol: the request is a form, the response is XML.</summary>
internal sealed class PublishMarshaller : IMarshaller<IRequest, AmazonWebServiceRequest>
{
    private const string ApiVersion = "2010-03-31";

    public IRequest Marshall(AmazonWebServiceRequest input)
    {
        var publish = (PublishRequest)input;
        var form = new Dictionary<string, string>
        {
            ["TopicArn"] = publish.TopicArn,
            ["Subject"] = publish.Subject,
            ["Message"] = publish.Message,
        };
        var number = 0;
        foreach (var (name, value) in publish.MessageAttributes)
        {
            var entry = string.Create(CultureInfo.InvariantCulture, $"MessageAttributes.entry.{++number}");
            form[$"{entry}.Name"] = name;
            form[$"{entry}.Value.DataType"] = value.DataType;
            form[$"{entry}.Value.StringValue"] = value.StringValue;
        }

        return Form(publish, "Publish", form);
    }

    /// <summary>The form of an action.</summary>
    public static IRequest Form(
        AmazonWebServiceRequest input,
        string action,
        IReadOnlyDictionary<string, string> fields
    )
    {
        var request = new DefaultRequest(input, AmazonSimpleNotificationServiceConfig.Service)
        {
            HttpMethod = "POST",
            ResourcePath = "/",
        };
        request.Headers["Content-Type"] = "application/x-www-form-urlencoded";
        request.Parameters["Action"] = action;
        request.Parameters["Version"] = ApiVersion;
        foreach (var (name, value) in fields)
        {
            request.Parameters[name] = value;
        }

        return request;
    }
}

/// <inheritdoc cref="PublishMarshaller"/>
internal sealed class PublishUnmarshaller : XmlResponseUnmarshaller
{
    public override AmazonWebServiceResponse Unmarshall(XmlUnmarshallerContext input)
    {
        string? id = null;
        while (input.Read())
        {
            if (input.IsStartElement && input.TestExpression("MessageId"))
            {
                id = input.ReadText();
            }
        }

        return new PublishResponse { MessageId = id };
    }

    public override AmazonServiceException UnmarshallException(
        XmlUnmarshallerContext input,
        Exception innerException,
        HttpStatusCode statusCode
    )
    {
        var error = XmlErrorResponseUnmarshaller.GetInstance().Unmarshall(input);
        return new AmazonSimpleNotificationServiceException(
            error.Message,
            innerException,
            error.Type,
            error.Code,
            error.RequestId,
            statusCode
        );
    }
}
