using Amazon.Runtime;
using Amazon.Runtime.Credentials.Internal;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;
using Amazon.SimpleNotificationService.Model;

namespace Amazon.SimpleNotificationService;

/// <summary>The two actions of SNS that are used, on the credentials, signing and retries of AWSSDK.Core.</summary>
internal sealed class AmazonSimpleNotificationServiceClient(AmazonSimpleNotificationServiceConfig clientConfig)
    : AmazonServiceClient(clientConfig),
        IAmazonSimpleNotificationService
{
    public Task<PublishResponse> PublishAsync(PublishRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<PublishResponse>(
            request,
            new InvokeOptions
            {
                RequestMarshaller = new PublishMarshaller(),
                ResponseUnmarshaller = new PublishUnmarshaller(),
            },
            cancellationToken
        );

    public Task<GetTopicAttributesResponse> GetTopicAttributesAsync(
        GetTopicAttributesRequest request,
        CancellationToken cancellationToken = default
    ) =>
        InvokeAsync<GetTopicAttributesResponse>(
            request,
            new InvokeOptions
            {
                RequestMarshaller = new GetTopicAttributesMarshaller(),
                ResponseUnmarshaller = new GetTopicAttributesUnmarshaller(),
            },
            cancellationToken
        );

    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline) =>
        pipeline.AddHandlerAfter<Marshaller>(new SignatureVersion4());

    private sealed class SignatureVersion4 : BaseAuthResolverHandler
    {
        protected override List<IAuthSchemeOption> ResolveAuthOptions(IExecutionContext executionContext) =>
            AuthSchemeOption.DEFAULT_SIGV4;
    }
}
