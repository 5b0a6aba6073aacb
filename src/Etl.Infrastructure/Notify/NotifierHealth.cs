using System.Globalization;
using Amazon.S3.Model;
using Etl.Application.Errors;
using Etl.Application.Operations;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Infrastructure.Aws;
using Etl.Infrastructure.Export.Lake;
using Etl.Infrastructure.FileSystem;
using Etl.Infrastructure.Notify.Sns;
using Microsoft.Extensions.Options;

namespace Etl.Infrastructure.Notify;

/// <summary>Checks that messages can be sent. A run succeeds without, so problems are warnings.</summary>
/// <param name="options">Where messages are sent.</param>
/// <param name="lake">The lake; its folder is the default for message files.</param>
/// <param name="s3">Access to the bucket for messages.</param>
/// <param name="server">Creates the client of the mail server; null if none is set.</param>
internal sealed class NotifierHealth(
    IOptions<NotifyOptions> options,
    IOptions<LakeOptions> lake,
    S3Access s3,
    Func<SmtpNotifier>? server
) : IHealthCheck
{
    public string Name => "notifier";

    public CheckDepth Depth => CheckDepth.Trial;

    public ErrorCode Cause => ErrorCode.Notify;

    public async Task<HealthCheckResult> CheckAsync(BusinessDate date, CancellationToken cancellationToken)
    {
        if (options.Value.TopicArn is { } arn && !string.IsNullOrWhiteSpace(arn))
        {
            return await CheckTopicAsync(arn, cancellationToken);
        }

        if (!string.IsNullOrWhiteSpace(options.Value.MessagesUri))
        {
            return await CheckBucketAsync(S3Address.Parse(options.Value.MessagesUri), cancellationToken);
        }

        if (server is not null)
        {
            return await CheckServerAsync(server(), cancellationToken);
        }

        var folder = MailFileNotifier.Folder(options.Value, lake.Value);
        return FolderAccess.CanWrite(folder)
            ? HealthCheckResult.Ok($"messages are written to files in {folder}")
            : HealthCheckResult.Warning(
                $"Messages cannot be written to {folder}.",
                "Give the user that runs etl write permission, or set Etl:Notify:Directory to another folder."
            );
    }

    private static async Task<HealthCheckResult> CheckServerAsync(
        SmtpNotifier server,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return HealthCheckResult.Ok(await server.CheckAsync(cancellationToken));
        }
        catch (EtlException exception)
        {
            return HealthCheckResult.Warning(exception.Error.Message, exception.Error.NextStep);
        }
    }

    /// <summary>Asks for an object that does not exist: one that is written would start the relay.</summary>
    private async Task<HealthCheckResult> CheckBucketAsync(S3Address prefix, CancellationToken cancellationToken)
    {
        var place = prefix.Below(Name);
        try
        {
            var request = new GetObjectRequest { BucketName = place.Bucket, Key = place.Key };
            using var found = await s3.Client.GetObjectAsync(request, cancellationToken);
        }
        catch (Exception exception) when (AwsErrorClassifier.IsAwsError(exception, cancellationToken))
        {
            // S3 does not reveal a missing object to a role without permission to list.
            if (AwsErrorClassifier.Of(exception) is not (AwsErrorKind.NotFound or AwsErrorKind.AccessDenied))
            {
                var error = BucketNotifier.Explain(place, exception).Error;
                return HealthCheckResult.Warning(error.Message, error.NextStep);
            }
        }

        return HealthCheckResult.NotChecked(
            $"messages are written to {prefix}; the first message checks the permission to write and the relay"
        );
    }

    private static async Task<HealthCheckResult> CheckTopicAsync(string arn, CancellationToken cancellationToken)
    {
        using var client = TopicPublisher.CreateClient(arn);
        try
        {
            var request = new GetTopicAttributesRequest { TopicArn = arn };
            var topic = (await client.GetTopicAttributesAsync(request, cancellationToken)).Attributes;
            return OfSubscriptions(arn, topic);
        }
        catch (Exception exception) when (AwsErrorClassifier.IsAwsError(exception, cancellationToken))
        {
            // A role with permission to publish only is the recommended setup.
            var error = TopicPublisher.Explain(arn, SnsNotifier.Retry, exception).Error;
            return AwsErrorClassifier.Of(exception) == AwsErrorKind.AccessDenied
                ? HealthCheckResult.NotChecked($"{arn}: this role has no permission to read the topic's subscriptions")
                : HealthCheckResult.Warning(error.Message, error.NextStep);
        }
    }

    internal static HealthCheckResult OfSubscriptions(string arn, IReadOnlyDictionary<string, string> topic) =>
        (Number(topic, "SubscriptionsConfirmed"), Number(topic, "SubscriptionsPending")) switch
        {
            (0, 0) => HealthCheckResult.Warning(
                $"{arn} has no subscriptions",
                "Subscribe the recipients of the messages."
            ),
            (var confirmed, var pending and > 0) => HealthCheckResult.Warning(
                $"{arn}: {Subscriptions(confirmed)} confirmed, {pending} pending",
                "Open the confirmation link in the mail that AWS sent to each address."
            ),
            (var confirmed, _) => HealthCheckResult.Ok($"{arn}: {Subscriptions(confirmed)}, all confirmed"),
        };

    private static string Subscriptions(int count) => count == 1 ? "1 subscription" : $"{count} subscriptions";

    private static int Number(IReadOnlyDictionary<string, string> topic, string name) =>
        topic.TryGetValue(name, out var text) && int.TryParse(text, CultureInfo.InvariantCulture, out var number)
            ? number
            : 0;
}
