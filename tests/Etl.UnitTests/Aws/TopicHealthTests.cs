using System.Text;
using Amazon.Runtime.Internal.Transform;
using Amazon.SimpleNotificationService;
using Amazon.SimpleNotificationService.Model;
using Etl.Application.Operations;
using Etl.Application.Runs;
using Etl.Infrastructure.Notify;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Aws;

/// <summary>The health check of a topic. The AWS mock does not count subscriptions, so the response is written by hand.</summary>
public sealed class TopicHealthTests
{
    [Theory]
    [InlineData("2", "0", nameof(HealthLevel.Ok), "arn:t: 2 subscriptions, all confirmed")]
    [InlineData("1", "3", nameof(HealthLevel.Warning), "arn:t: 1 subscription confirmed, 3 pending")]
    [InlineData("0", "1", nameof(HealthLevel.Warning), "arn:t: 0 subscriptions confirmed, 1 pending")]
    [InlineData("0", "0", nameof(HealthLevel.Warning), "arn:t has no subscriptions")]
    public void Pending_and_missing_subscriptions_are_warnings(
        string confirmed,
        string pending,
        string level,
        string message
    )
    {
        var found = SnsNotifier.OfSubscriptions("arn:t", Read(confirmed, pending));
        (found.Level.ToString(), found.Message).ShouldBe((level, message));
    }

    private static Dictionary<string, string> Read(string confirmed, string pending)
    {
        var response = $"""
            <GetTopicAttributesResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">
              <GetTopicAttributesResult>
                <Attributes>
                  <entry><key>TopicArn</key><value>arn:t</value></entry>
                  <entry><key>SubscriptionsPending</key><value>{pending}</value></entry>
                  <entry><key>SubscriptionsConfirmed</key><value>{confirmed}</value></entry>
                </Attributes>
              </GetTopicAttributesResult>
            </GetTopicAttributesResponse>
            """;
        using var body = new MemoryStream(Encoding.UTF8.GetBytes(response));
        using var context = new XmlUnmarshallerContext(body, maintainResponseBody: false, responseData: null);
        return ((GetTopicAttributesResponse)new GetTopicAttributesUnmarshaller().Unmarshall(context)).Attributes;
    }
}
