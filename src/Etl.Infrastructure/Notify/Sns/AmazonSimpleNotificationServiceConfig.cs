using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;

namespace Amazon.SimpleNotificationService;

/// <summary>The region's endpoint of SNS, unless <c>AWS_ENDPOINT_URL_SNS</c> or <c>AWS_ENDPOINT_URL</c> is set.</summary>
internal sealed class AmazonSimpleNotificationServiceConfig : ClientConfig
{
    public const string Service = "sns";

    public AmazonSimpleNotificationServiceConfig()
        : base(new DefaultConfigurationProvider([new DefaultConfiguration { RetryMode = RequestRetryMode.Standard }]))
    {
        ServiceId = "SNS";
        AuthenticationServiceName = Service;
    }

    public override string ServiceVersion => "2010-03-31";

    public override string UserAgent => "etl";

    public override string RegionEndpointServiceName => Service;

    public override Endpoint DetermineServiceOperationEndpoint(ServiceOperationEndpointParameters parameters) =>
        new(ServiceURL ?? $"https://{Service}.{RegionEndpoint.SystemName}.{RegionEndpoint.PartitionDnsSuffix}");
}
