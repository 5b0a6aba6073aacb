using System.Net;
using System.Text;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Etl.Application.Errors;
using Etl.Infrastructure.Notify;
using Etl.Infrastructure.Notify.Sns;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Notify;

public sealed class SnsTests
{
    private const string Topic = "arn:aws:sns:eu-central-1:123456789012:etl";
    private const int MostOfSns = 256 * 1024;

    [Theory]
    [InlineData(Topic, "https://sns.eu-central-1.amazonaws.com")]
    [InlineData("arn:aws:sns:ap-southeast-2:123456789012:etl", "https://sns.ap-southeast-2.amazonaws.com")]
    [InlineData("arn:aws-cn:sns:cn-north-1:123456789012:etl", "https://sns.cn-north-1.amazonaws.com.cn")]
    public void A_topic_is_reached_in_the_region_that_its_ARN_names(string topic, string host)
    {
        using var client = SnsNotifier.Make(topic);
        var config = (AmazonSimpleNotificationServiceConfig)client.Config;

        config.RegionEndpoint.SystemName.ShouldBe(topic.Split(':')[3]);
        config
            .DetermineServiceOperationEndpoint(new ServiceOperationEndpointParameters(new Asked()))
            .URL.TrimEnd('/')
            .ShouldBe(host);
    }

    [Theory]
    [InlineData("a", 255 * 1024)]
    [InlineData("é", 255 * 512)]
    [InlineData("\U0001f381", 255 * 256)]
    public void A_body_as_long_as_SNS_takes_goes_whole_and_a_longer_one_is_cut_at_a_character(string letter, int fits)
    {
        var whole = string.Concat(Enumerable.Repeat(letter, fits));

        SnsText.Fit(whole).ShouldBe(whole);
        var cut = SnsText.Fit(whole + letter);

        cut.ShouldStartWith(whole);
        cut[whole.Length..].ShouldStartWith("\n[Cut here: ");
        cut.ShouldContain("etl runs show");
        Encoding.UTF8.GetByteCount(cut).ShouldBeLessThan(MostOfSns);
    }

    [Theory]
    [InlineData("two\nlines\tand a tab, übergroß 🎁", "two\nlines\tand a tab, übergroß 🎁")]
    [InlineData("a\0b\u0007c\u001bd", "a?b?c?d")]
    [InlineData("\ufffe and \uffff", "? and ?")]
    public void Characters_that_XML_cannot_carry_are_replaced_and_no_others(string body, string sent) =>
        SnsText.Fit(body).ShouldBe(sent);

    [Fact]
    public void Half_of_a_pair_of_code_units_is_replaced() => SnsText.Fit("a \ud83c b").ShouldBe("a \ufffd b");

    [Theory]
    [InlineData(404, "NotFound", "There is no such topic: ", "Etl:Notify:TopicArn")]
    [InlineData(403, "AuthorizationError", "Publishing to the topic was denied: ", "sns:Publish")]
    [InlineData(403, "InvalidClientTokenId", "There are no AWS credentials", "role")]
    [InlineData(400, "KMSDisabled", "KMS key cannot be used: ", "key")]
    [InlineData(400, "InvalidParameter", "SNS refused the message: ", "Etl:Notify:TopicArn")]
    [InlineData(429, "Throttled", "SNS could not serve the topic: ", "minutes")]
    [InlineData(0, "", "SNS did not answer: ", "AWS_ENDPOINT_URL")]
    public void Each_refusal_says_what_it_is_and_that_the_next_start_sends(
        int status,
        string code,
        string what,
        string next
    )
    {
        var exception = new AmazonServiceException(
            "secret words",
            ErrorType.Sender,
            code,
            "request",
            (HttpStatusCode)status
        );

        var error = SnsNotifier.Explain(Topic, exception).Error;

        (error.Code, error.Retryable).ShouldBe((ErrorCode.Notify, true));
        error.Message.ShouldContain(what);
        error.Message.ShouldEndWith(Topic);
        error.Message.ShouldNotContain("secret");
        error.NextStep.ShouldContain(next);
        error.NextStep.ShouldEndWith("; the next start sends the message.");
    }

    private sealed class Asked : AmazonWebServiceRequest;
}
