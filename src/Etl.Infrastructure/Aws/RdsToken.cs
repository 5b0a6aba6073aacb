using System.Globalization;
using System.Text.RegularExpressions;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;
using Amazon.Runtime.Internal.Util;
using Etl.Application.Errors;

namespace Etl.Infrastructure.Aws;

/// <summary>
/// Signs the token that RDS accepts instead of a password: a URL for one host, port and user, valid for 15 minutes. It is
/// computed locally from the SDK's credentials, without a call to RDS.
/// </summary>
internal static partial class RdsToken
{
    private const string Service = "rds-db";
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    /// <exception cref="EtlException">No credentials or no region were found.</exception>
    public static async ValueTask<string> CreateAsync(
        string host,
        int port,
        string user,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var identity = await DefaultAWSCredentialsIdentityResolver
                .GetCredentialsAsync(null)
                .WaitAsync(cancellationToken);
            return Sign(host, port, user, RegionOf(host), await identity.GetCredentialsAsync());
        }
        catch (AmazonClientException) // not a cause: its message can quote settings of the SDK
        {
            throw new EtlException(
                ErrorCode.Configuration,
                $"No AWS credentials were found for the IAM token of database user {user}.",
                "Give the host a role, or set the AWS_* variables or a profile; or set Etl:Postgres:UseIamAuthentication to false."
            );
        }
    }

    internal static string Sign(string host, int port, string user, string region, ImmutableCredentials credentials)
    {
        var request = new DefaultRequest(new TokenRequest(), Service)
        {
            UseQueryString = true,
            HttpMethod = "GET",
            Endpoint = new UriBuilder("https", host, port).Uri,
        };
        request.Parameters["Action"] = "connect";
        request.Parameters["DBUser"] = user;
        request.Parameters["X-Amz-Expires"] = Lifetime.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        if (credentials.UseToken)
        {
            request.Parameters["X-Amz-Security-Token"] = credentials.Token;
        }

        var signature = AWS4PreSignedUrlSigner.SignRequest(
            request,
            clientConfig: null,
            new RequestMetrics(),
            credentials.AccessKey,
            credentials.SecretKey,
            Service,
            region
        );
        var url = AmazonServiceClient.ComposeUrl(request).AbsoluteUri;
        return $"{url["https://".Length..]}&{signature.ForQueryParameters}";
    }

    /// <summary>The region in an RDS host name; for other names the SDK's region.</summary>
    internal static string RegionOf(string host) =>
        RdsHost().Match(host) is { Success: true } match
            ? match.Groups["region"].Value
            : FallbackRegionFactory.GetRegionEndpoint()?.SystemName
                ?? throw new EtlException(
                    ErrorCode.Configuration,
                    $"The AWS region of database host {host} is unknown.",
                    "Set AWS_REGION."
                );

    [GeneratedRegex(
        @"\.(?<region>[a-z]{2}(-[a-z]+)+-\d)\.rds\.amazonaws\.com(\.cn)?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex RdsHost();

    private sealed class TokenRequest : AmazonWebServiceRequest;
}
