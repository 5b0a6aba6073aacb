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
    public void A_bucket_stands_in_the_path_where_that_is_set_and_nowhere_else(bool path) =>
        S3Access.Configure(new S3Options { ForcePathStyle = path }).ForcePathStyle.ShouldBe(path);

    [Theory]
    [InlineData("3sL4kqtJlcpXroDTDmJ", "3sL4kqtJlcpXroDTDmJ", null)]
    [InlineData("null", null, "\"abc\"")]
    [InlineData(null, null, "\"abc\"")]
    public void An_object_is_pinned_by_its_version_and_where_it_has_none_of_its_own_by_its_ETag(
        string? found,
        string? version,
        string? tag
    )
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
    public void An_answer_is_waited_for_as_long_as_is_set_and_a_connection_no_longer_than_ten_seconds(
        int seconds,
        int connect
    )
    {
        var config = S3Access.Configure(new S3Options { TimeoutSeconds = seconds });

        config.Timeout.ShouldBe(TimeSpan.FromSeconds(seconds));
        config.ConnectTimeout.ShouldBe(TimeSpan.FromSeconds(connect));
    }
}
