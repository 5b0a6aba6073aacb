using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amazon.Runtime;
using Etl.Application.Errors;
using Etl.Infrastructure.Aws;
using Etl.Infrastructure.Postgres;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Aws;

public class RdsTokenTests
{
    private const string Host = "shop.abc123.eu-west-1.rds.amazonaws.com";

    [Theory]
    [InlineData("")]
    [InlineData("session/token+=")]
    public void A_token_is_a_signed_url_for_one_host_port_and_user(string session)
    {
        var credentials = new ImmutableCredentials("AKIDEXAMPLE", "wJalrXUtnFEMI", session.Length > 0 ? session : null);

        var token = RdsToken.Sign(Host, 5432, "etl loader", "eu-west-1", credentials);

        token.ShouldStartWith($"{Host}:5432/?");
        var query = token[(token.IndexOf('?', StringComparison.Ordinal) + 1)..]
            .Split('&')
            .Select(p => p.Split('=', 2))
            .ToDictionary(p => p[0], p => p[1]);
        query["Action"].ShouldBe("connect");
        query["DBUser"].ShouldBe("etl%20loader");
        query["X-Amz-Expires"].ShouldBe("900");
        query.ContainsKey("X-Amz-Security-Token").ShouldBe(session.Length > 0);
        query["X-Amz-Signature"].ShouldBe(SignatureOf(query, "wJalrXUtnFEMI"));
    }

    [Fact]
    public void The_region_is_the_one_in_the_host_name()
    {
        RdsToken.RegionOf(Host).ShouldBe("eu-west-1");
        RdsToken.RegionOf("shop.cluster-x.cn-north-1.rds.amazonaws.com.cn").ShouldBe("cn-north-1");
        RdsToken.RegionOf("shop.x.us-gov-west-1.rds.amazonaws.com").ShouldBe("us-gov-west-1");
    }

    [Theory]
    [InlineData("Host=a;Username=u;Password=secret", "has a password")]
    [InlineData("Host=a", "has no user")]
    [InlineData("Host=a,b;Username=u", "has several hosts")]
    public void IAM_authentication_requires_one_host_and_a_user_without_a_password(string connection, string exception)
    {
        var options = new PostgresOptions { ConnectionString = connection, UseIamAuthentication = true };

        var error = Should.Throw<EtlException>(() => PostgresDataSource.Open(options, RdsToken.CreateAsync)).Error;

        error.Code.ShouldBe(ErrorCode.Configuration);
        error.Message.ShouldContain(exception);
        error.Message.ShouldNotContain("secret");
    }

    /// <summary>Signature version 4 for a GET of "/" with the header host only.</summary>
    private static string SignatureOf(Dictionary<string, string> query, string secret)
    {
        var canonicalQuery = string.Join(
            '&',
            query
                .Where(p => p.Key != "X-Amz-Signature")
                .OrderBy(p => p.Key, StringComparer.Ordinal)
                .Select(p => $"{p.Key}={p.Value}")
        );
        var emptyBody = Hex(SHA256.HashData([]));
        var canonical = $"GET\n/\n{canonicalQuery}\nhost:{Host}:5432\n\nhost\n{emptyBody}";
        var time = query["X-Amz-Date"];
        var scope = $"{time[..8]}/eu-west-1/rds-db/aws4_request";
        var toSign = $"AWS4-HMAC-SHA256\n{time}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = Encoding.UTF8.GetBytes($"AWS4{secret}");
        foreach (var part in scope.Split('/'))
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        return Hex(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign)));
    }

    private static string Hex(byte[] bytes) => Convert.ToHexString(bytes).ToLower(CultureInfo.InvariantCulture);
}
