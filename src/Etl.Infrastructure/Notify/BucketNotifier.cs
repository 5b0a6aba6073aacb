using Amazon.S3.Model;
using Etl.Application.Errors;
using Etl.Application.Operations;
using Etl.Application.Runs;
using Etl.Infrastructure.Aws;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Etl.Infrastructure.Notify;

/// <summary>
/// Writes each message to a bucket, for a network that reaches S3 and not SNS. <see cref="MessageRelay"/> publishes it. An
/// object is never replaced, so a message that is sent again is published once.
/// </summary>
internal sealed partial class BucketNotifier(IOptions<NotifyOptions> options, S3Access s3, ILogger<BucketNotifier> log)
    : ICheckedNotifier
{
    private readonly MessageObjects objects = MessageObjects.Of(options.Value);
    private readonly ConditionalObjects bucket = new(s3, Explain);

    public string Name => "bucket";

    public async Task SendAsync(Message message, CancellationToken cancellationToken)
    {
        var json = OutgoingMessage.Of(message).ToJson();
        var place = objects.PlaceOf(message, json);
        var stored = await bucket.WriteAsync(place, json, etag: null, cancellationToken);
        if (!stored.Bytes.AsSpan().SequenceEqual(json))
        {
            throw new EtlException(
                ErrorCode.Notify,
                $"Another message has the key of this one: {place}",
                $"Set {MessageObjects.Setting} to a prefix that no other database uses; {SnsNotifier.Retry}."
            );
        }

        LogWritten(message.Subject, place.ToString());
    }

    /// <summary>Asks for an object that does not exist: one that is written would start the relay.</summary>
    public async Task<HealthCheckResult> CheckAsync(CancellationToken cancellationToken)
    {
        var prefix = S3Address.Parse(options.Value.MessagesUri!);
        var place = prefix.Below("notifier");
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
                var error = Explain(place, exception).Error;
                return HealthCheckResult.Warning(error.Message, error.NextStep);
            }
        }

        return HealthCheckResult.NotChecked(
            $"messages are written to {prefix}; the first message checks the permission to write and the relay"
        );
    }

    public static EtlException Explain(S3Address place, Exception exception) =>
        MessageObjects.Explain(SnsNotifier.Retry, place, exception);

    [LoggerMessage(42, LogLevel.Information, "Wrote message \"{Subject}\" to {Object}")]
    private partial void LogWritten(string subject, string @object);
}
