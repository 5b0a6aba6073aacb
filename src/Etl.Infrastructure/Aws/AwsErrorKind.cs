using System.Net;
using Amazon.Runtime;

namespace Etl.Infrastructure.Aws;

/// <summary>What a failed call to AWS means.</summary>
internal enum AwsErrorKind
{
    /// <summary>No such object, or no such topic.</summary>
    Missing,
    NoBucket,

    /// <summary>It is not, or no longer, in the state that the request named.</summary>
    NotAsExpected,
    Denied,

    /// <summary>None were found, or AWS does not take them.</summary>
    Credentials,
    Region,
    Clock,
    Archived,
    KmsKey,

    /// <summary>AWS has too much to do, or a exception of its own.</summary>
    Busy,
    Unreachable,
    Refused,
}

/// <summary>Tells troubles apart by the service's own error code and status, never by a message's text.</summary>
internal static class AwsErrorClassifier
{
    /// <summary>Whether an exception comes from a call to AWS, and not from the caller's own wish to stop.</summary>
    public static bool IsFault(Exception exception, CancellationToken cancellationToken) =>
        exception
            is AmazonServiceException
                or AmazonClientException
                or HttpRequestException
                or IOException
                or TimeoutException
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    /// <summary>
    /// The exception as the cause of another; null where the SDK itself threw it, without an answer of a service: its message
    /// can quote <c>AWS_ENDPOINT_URL</c> or a profile.
    /// </summary>
    public static Exception? CauseOf(Exception exception) =>
        exception is AmazonClientException or UriFormatException || exception.InnerException is AmazonClientException
            ? null
            : exception;

    public static AwsErrorKind Of(Exception exception) =>
        exception switch
        {
            // A status below 100 is none: nobody answered.
            AmazonServiceException answer => answer.StatusCode < HttpStatusCode.Continue
                ? AwsErrorKind.Unreachable
                : OfAnswer(answer),
            // The SDK says so where its chain of credentials comes to an end.
            AmazonClientException { InnerException: not (HttpRequestException or IOException) } =>
                AwsErrorKind.Credentials,
            _ => AwsErrorKind.Unreachable,
        };

    /// <summary>Whether the same request may be answered in a moment.</summary>
    public static bool IsTransient(Exception exception) =>
        Of(exception) is AwsErrorKind.Busy or AwsErrorKind.Unreachable;

    private static AwsErrorKind OfAnswer(AmazonServiceException answer) =>
        answer.ErrorCode switch
        {
            "NoSuchBucket" => AwsErrorKind.NoBucket,
            "NoSuchKey" or "NoSuchVersion" => AwsErrorKind.Missing,
            "PermanentRedirect" or "TemporaryRedirect" or "AuthorizationHeaderMalformed" => AwsErrorKind.Region,
            "IllegalLocationConstraintException" => AwsErrorKind.Region,
            "RequestTimeTooSkewed" => AwsErrorKind.Clock,
            "InvalidAccessKeyId" or "InvalidClientTokenId" or "SignatureDoesNotMatch" => AwsErrorKind.Credentials,
            "ExpiredToken" or "InvalidToken" or "TokenRefreshRequired" => AwsErrorKind.Credentials,
            "InvalidObjectState" => AwsErrorKind.Archived,
            { } code when code.StartsWith("KMS", StringComparison.Ordinal) => AwsErrorKind.KmsKey,
            "RequestTimeout" or "SlowDown" or "Throttling" or "ThrottledException" or "ConditionalRequestConflict" =>
                AwsErrorKind.Busy,
            _ => OfStatus(answer.StatusCode),
        };

    private static AwsErrorKind OfStatus(HttpStatusCode status) =>
        status switch
        {
            HttpStatusCode.NotFound => AwsErrorKind.Missing,
            HttpStatusCode.PreconditionFailed => AwsErrorKind.NotAsExpected,
            HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized => AwsErrorKind.Denied,
            HttpStatusCode.MovedPermanently or HttpStatusCode.TemporaryRedirect => AwsErrorKind.Region,
            HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => AwsErrorKind.Busy,
            _ => AwsErrorKind.Refused,
        };
}
