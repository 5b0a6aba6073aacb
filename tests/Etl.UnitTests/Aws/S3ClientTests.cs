using Amazon.S3.Model;
using Etl.Infrastructure.Aws;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Aws;

public sealed class S3ClientTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_request_names_the_bucket_in_the_path_only_if_the_setting_says_so(bool path) =>
        S3Access.Configure(new S3Options { ForcePathStyle = path }).ForcePathStyle.ShouldBe(path);

    [Theory]
    [InlineData("3sL4kqtJlcpXroDTDmJ", "3sL4kqtJlcpXroDTDmJ", null)]
    [InlineData("null", null, "\"abc\"")]
    [InlineData(null, null, "\"abc\"")]
    public void An_object_is_pinned_by_its_version_id_or_else_by_its_ETag(string? found, string? version, string? tag)
    {
        var head = new GetObjectMetadataResponse
        {
            VersionId = found,
            ETag = "\"abc\"",
            ContentLength = 7,
        };

        var pin = S3Pin.Of(S3Address.Parse("s3://bucket/in/orders.csv"), head);

        (pin.VersionId, pin.ETag, pin.Bytes).ShouldBe((version, tag, 7));
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(30, 10)]
    [InlineData(600, 10)]
    public void The_timeout_of_a_response_is_the_setting_and_that_of_a_connection_is_at_most_ten_seconds(
        int seconds,
        int connect
    )
    {
        var config = S3Access.Configure(new S3Options { TimeoutSeconds = seconds });

        config.Timeout.ShouldBe(TimeSpan.FromSeconds(seconds));
        config.ConnectTimeout.ShouldBe(TimeSpan.FromSeconds(connect));
    }
}
