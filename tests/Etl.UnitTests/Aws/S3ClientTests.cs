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
