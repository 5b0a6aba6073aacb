using Amazon.Runtime;
using Etl.Application.Errors;

namespace Etl.Infrastructure.Aws;

/// <summary>Errors of calls to S3.</summary>
internal static class S3Errors
{
    /// <param name="code">The code of the error.</param>
    /// <param name="place">The object.</param>
    /// <param name="permissions">The permissions that the call needs.</param>
    /// <param name="setting">The setting that names the location.</param>
    /// <param name="exception">The SDK's exception.</param>
    /// <param name="retry">What repeats the call.</param>
    public static EtlException Explain(
        ErrorCode code,
        S3Address place,
        string permissions,
        string setting,
        Exception exception,
        string retry = "then run again"
    )
    {
        var (message, nextStep, retryable) = AwsErrorClassifier.Of(exception) switch
        {
            AwsErrorKind.BucketNotFound => (
                $"Bucket {place.Bucket} does not exist: {place}",
                $"Check {setting}, the account and AWS_REGION; {retry}.",
                false
            ),
            AwsErrorKind.NotFound => ($"Object {place} does not exist.", $"Check {setting}; {retry}.", false),
            AwsErrorKind.AccessDenied => (
                $"Access to {place} was denied.",
                $"Allow this role {permissions}, and to use the KMS key if the bucket has one; {retry}.",
                false
            ),
            AwsErrorKind.Credentials => (
                $"No AWS credentials were found, or S3 rejected them: {place}",
                "Give the host a role, or set the AWS_* variables or a profile; renew expired credentials.",
                false
            ),
            AwsErrorKind.Region => (
                $"Bucket {place.Bucket} is not in the region that was called: {place}",
                $"Set AWS_REGION to the region that `aws s3api get-bucket-location --bucket {place.Bucket}` prints.",
                false
            ),
            AwsErrorKind.ClockSkew => (
                $"S3 rejected the request because this machine's clock is wrong: {place}",
                $"Synchronize the clock; {retry}.",
                true
            ),
            AwsErrorKind.Archived => (
                $"The object is archived: {place}",
                $"Restore it, or deliver it again in a storage class with direct access; {retry}.",
                false
            ),
            AwsErrorKind.KmsKey => (
                $"The KMS key of {place} cannot be used.",
                $"Check that the key (Etl:S3:KmsKeyId) exists, is enabled and allows this role to use it; {retry}.",
                false
            ),
            AwsErrorKind.Unreachable => (
                $"S3 did not respond, or closed the connection: {place}",
                $"Check the network, AWS_REGION, AWS_ENDPOINT_URL and, in a VPC, the S3 endpoint; {retry}.",
                true
            ),
            AwsErrorKind.Unavailable => (
                $"S3 could not process the request for {place}{Reason(exception)}",
                "Run again in some minutes; if the error persists, check the AWS Health Dashboard.",
                true
            ),
            _ => (
                $"S3 rejected the request for {place}{Reason(exception)}",
                $"Check {setting} and Etl:S3; {retry}.",
                false
            ),
        };
        return new EtlException(code, message, nextStep, retryable, AwsErrorClassifier.CauseOf(exception));
    }

    private static string Reason(Exception exception) =>
        exception is AmazonServiceException { ErrorCode: { Length: > 0 and < 60 } code }
        && code.All(char.IsLetterOrDigit)
            ? $" ({code})."
            : ".";
}
