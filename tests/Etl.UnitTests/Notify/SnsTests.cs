using System.Net;
using System.Text;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.SimpleNotificationService;
using Etl.Application.Errors;
using Etl.Infrastructure.Notify;
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
    public void A_topic_is_called_in_the_region_of_its_ARN(string topic, string host)
    {
        using var client = TopicPublisher.CreateClient(topic);
        var config = (AmazonSimpleNotificationServiceConfig)client.Config;

        config.RegionEndpoint.SystemName.ShouldBe(topic.Split(':')[3]);
        config
            .DetermineServiceOperationEndpoint(new ServiceOperationEndpointParameters(new AnyRequest()))
            .URL.TrimEnd('/')
            .ShouldBe(host);
    }

    [Theory]
    [InlineData("a", 255 * 1024)]
    [InlineData("é", 255 * 512)]
    [InlineData("\U0001f381", 255 * 256)]
    public void A_body_over_the_limit_of_SNS_is_truncated_after_a_whole_character(string letter, int fits)
    {
        var whole = string.Concat(Enumerable.Repeat(letter, fits));

        Fit(whole).ShouldBe(whole);
        var cut = Fit(whole + letter);

        cut.ShouldStartWith(whole);
        cut[whole.Length..].ShouldStartWith("\n[Truncated to ");
        cut.ShouldContain("etl runs show");
        Encoding.UTF8.GetByteCount(cut).ShouldBeLessThan(MostOfSns);
    }

    [Theory]
    [InlineData("two\nlines\tand a tab, übergroß 🎁", "two\nlines\tand a tab, übergroß 🎁")]
    [InlineData("a\0b\u0007c\u001bd", "a?b?c?d")]
    [InlineData("\ufffe and \uffff", "? and ?")]
    public void Only_characters_that_XML_does_not_allow_are_replaced(string body, string sent) =>
        Fit(body).ShouldBe(sent);

    [Fact]
    public void An_unpaired_surrogate_is_replaced() => Fit("a \ud83c b").ShouldBe("a \ufffd b");

    [Theory]
    [InlineData(404, "NotFound", "The topic does not exist: ", "Etl:Notify:TopicArn")]
    [InlineData(403, "AuthorizationError", "Publishing to the topic was denied: ", "sns:Publish")]
    [InlineData(403, "InvalidClientTokenId", "No AWS credentials were found", "role")]
    [InlineData(400, "KMSDisabled", "KMS key cannot be used: ", "key")]
    [InlineData(400, "InvalidParameter", "SNS rejected the message: ", "Etl:Notify:TopicArn")]
    [InlineData(429, "Throttled", "SNS could not process the request: ", "minutes")]
    [InlineData(0, "", "SNS did not respond: ", "AWS_ENDPOINT_URL")]
    public void Each_error_states_its_cause_and_that_the_next_start_sends_the_message(
        int status,
        string code,
        string what,
        string next
    )
    {
        var exception = new AmazonServiceException(
            "secret text",
            ErrorType.Sender,
            code,
            "request",
            (HttpStatusCode)status
        );

        var error = TopicPublisher.Explain(Topic, SnsNotifier.Retry, exception).Error;

        // Only an error of the service itself means that other messages cannot be sent now, either.
        (error.Code, error.Retryable).ShouldBe((ErrorCode.Notify, status is 0 or 429));
        error.Message.ShouldContain(what);
        error.Message.ShouldEndWith(Topic);
        error.Message.ShouldNotContain("secret");
        error.NextStep.ShouldContain(next);
        error.NextStep.ShouldEndWith("; the next start sends the message.");
    }

    private sealed class AnyRequest : AmazonWebServiceRequest;

    private static string Fit(string body) => LimitedText.Fit(body, TopicPublisher.MaxBytes, "SNS");
}
