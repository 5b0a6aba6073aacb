using System.Net;
using Amazon.Runtime;

namespace Etl.Infrastructure.Aws;

/// <summary>What a failed call to AWS means.</summary>
internal enum AwsTrouble
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

    /// <summary>AWS has too much to do, or a fault of its own.</summary>
    Busy,
    Unreachable,
    Refused,
}

/// <summary>Tells troubles apart by the service's own error code and status, never by a message's text.</summary>
internal static class AwsVerdict
{
    /// <summary>Whether an exception comes from a call to AWS, and not from the caller's own wish to stop.</summary>
    public static bool IsFault(Exception fault, CancellationToken cancellationToken) =>
        fault
            is AmazonServiceException
                or AmazonClientException
                or HttpRequestException
                or IOException
                or TimeoutException
        || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    /// <summary>
    /// The exception as the cause of another; null where the SDK itself threw it, without an answer of a service: its message
    /// can quote <c>AWS_ENDPOINT_URL</c> or a profile.
    /// </summary>
    public static Exception? CauseOf(Exception fault) =>
        fault is AmazonClientException or UriFormatException || fault.InnerException is AmazonClientException
            ? null
            : fault;

    public static AwsTrouble Of(Exception fault) =>
        fault switch
        {
            // A status below 100 is none: nobody answered.
            AmazonServiceException answer => answer.StatusCode < HttpStatusCode.Continue
                ? AwsTrouble.Unreachable
                : OfAnswer(answer),
            // The SDK says so where its chain of credentials comes to an end.
            AmazonClientException { InnerException: not (HttpRequestException or IOException) } =>
                AwsTrouble.Credentials,
            _ => AwsTrouble.Unreachable,
        };

    /// <summary>Whether the same request may be answered in a moment.</summary>
    public static bool IsTransient(Exception fault) => Of(fault) is AwsTrouble.Busy or AwsTrouble.Unreachable;

    private static AwsTrouble OfAnswer(AmazonServiceException answer) =>
        answer.ErrorCode switch
        {
            "NoSuchBucket" => AwsTrouble.NoBucket,
            "NoSuchKey" or "NoSuchVersion" => AwsTrouble.Missing,
            "PermanentRedirect" or "TemporaryRedirect" or "AuthorizationHeaderMalformed" => AwsTrouble.Region,
            "IllegalLocationConstraintException" => AwsTrouble.Region,
            "RequestTimeTooSkewed" => AwsTrouble.Clock,
            "InvalidAccessKeyId" or "InvalidClientTokenId" or "SignatureDoesNotMatch" => AwsTrouble.Credentials,
            "ExpiredToken" or "InvalidToken" or "TokenRefreshRequired" => AwsTrouble.Credentials,
            "InvalidObjectState" => AwsTrouble.Archived,
            { } code when code.StartsWith("KMS", StringComparison.Ordinal) => AwsTrouble.KmsKey,
            "RequestTimeout" or "SlowDown" or "Throttling" or "ThrottledException" or "ConditionalRequestConflict" =>
                AwsTrouble.Busy,
            _ => OfStatus(answer.StatusCode),
        };

    private static AwsTrouble OfStatus(HttpStatusCode status) =>
        status switch
        {
            HttpStatusCode.NotFound => AwsTrouble.Missing,
            HttpStatusCode.PreconditionFailed => AwsTrouble.NotAsExpected,
            HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized => AwsTrouble.Denied,
            HttpStatusCode.MovedPermanently or HttpStatusCode.TemporaryRedirect => AwsTrouble.Region,
            HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => AwsTrouble.Busy,
            _ => AwsTrouble.Refused,
        };
}
