using System.Net;
using Amazon.Runtime;

namespace Etl.Infrastructure.Aws;

/// <summary>Why a call to AWS failed.</summary>
internal enum AwsErrorKind
{
    /// <summary>The object or the topic does not exist.</summary>
    NotFound,
    BucketNotFound,

    /// <summary>The object does not have, or no longer has, the state that the request requires.</summary>
    PreconditionFailed,
    AccessDenied,

    /// <summary>No credentials were found, or AWS rejected them.</summary>
    Credentials,
    Region,
    ClockSkew,
    Archived,
    KmsKey,

    /// <summary>AWS throttled the request, or failed with an internal error.</summary>
    Unavailable,
    Unreachable,
    Other,
}

/// <summary>Classifies failed calls to AWS by the service's error code and HTTP status, never by a message's text.</summary>
internal static class AwsErrorClassifier
{
    /// <summary>Whether an exception comes from a call to AWS and not from the caller's cancellation.</summary>
    public static bool IsAwsError(Exception exception, CancellationToken cancellationToken) =>
        exception
            is AmazonServiceException
                or AmazonClientException
                or HttpRequestException
                or IOException
                or TimeoutException
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    /// <summary>
    /// The exception as the cause of another one; null if the SDK itself threw it without a response of a service, because
    /// its message can quote <c>AWS_ENDPOINT_URL</c> or a profile.
    /// </summary>
    public static Exception? CauseOf(Exception exception) =>
        exception is AmazonClientException or UriFormatException || exception.InnerException is AmazonClientException
            ? null
            : exception;

    public static AwsErrorKind Of(Exception exception) =>
        exception switch
        {
            // Without an HTTP status there was no response.
            AmazonServiceException response => response.StatusCode < HttpStatusCode.Continue
                ? AwsErrorKind.Unreachable
                : OfResponse(response),
            // The SDK throws this when its credential chain finds nothing.
            AmazonClientException { InnerException: not (HttpRequestException or IOException) } =>
                AwsErrorKind.Credentials,
            _ => AwsErrorKind.Unreachable,
        };

    /// <summary>Whether the same request can succeed on a retry.</summary>
    public static bool IsTransient(Exception exception) =>
        Of(exception) is AwsErrorKind.Unavailable or AwsErrorKind.Unreachable;

    private static AwsErrorKind OfResponse(AmazonServiceException response) =>
        response.ErrorCode switch
        {
            "NoSuchBucket" => AwsErrorKind.BucketNotFound,
            "NoSuchKey" or "NoSuchVersion" => AwsErrorKind.NotFound,
            "PermanentRedirect" or "TemporaryRedirect" or "AuthorizationHeaderMalformed" => AwsErrorKind.Region,
            "IllegalLocationConstraintException" => AwsErrorKind.Region,
            "RequestTimeTooSkewed" => AwsErrorKind.ClockSkew,
            "InvalidAccessKeyId" or "InvalidClientTokenId" or "SignatureDoesNotMatch" => AwsErrorKind.Credentials,
            "ExpiredToken" or "InvalidToken" or "TokenRefreshRequired" => AwsErrorKind.Credentials,
            "InvalidObjectState" => AwsErrorKind.Archived,
            { } code when code.StartsWith("KMS", StringComparison.Ordinal) => AwsErrorKind.KmsKey,
            "RequestTimeout" or "SlowDown" or "Throttling" or "ThrottledException" or "ConditionalRequestConflict" =>
                AwsErrorKind.Unavailable,
            _ => OfStatus(response.StatusCode),
        };

    private static AwsErrorKind OfStatus(HttpStatusCode status) =>
        status switch
        {
            HttpStatusCode.NotFound => AwsErrorKind.NotFound,
            HttpStatusCode.PreconditionFailed => AwsErrorKind.PreconditionFailed,
            HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized => AwsErrorKind.AccessDenied,
            HttpStatusCode.MovedPermanently or HttpStatusCode.TemporaryRedirect => AwsErrorKind.Region,
            HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => AwsErrorKind.Unavailable,
            _ => AwsErrorKind.Other,
        };
}
