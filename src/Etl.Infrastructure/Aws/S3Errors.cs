using Amazon.Runtime;
using Etl.Application.Errors;

namespace Etl.Infrastructure.Aws;

/// <summary>What is said of a failed call to S3, whatever it was for.</summary>
internal static class S3Errors
{
    /// <param name="code">The code of a place that cannot be used.</param>
    /// <param name="place">The object.</param>
    /// <param name="permissions">What the caller must be allowed to do with it.</param>
    /// <param name="setting">Where the place is set.</param>
    /// <param name="exception">What the SDK threw.</param>
    public static EtlException Explain(
        ErrorCode code,
        S3Address place,
        string permissions,
        string setting,
        Exception exception
    )
    {
        var (message, nextStep, retryable) = AwsErrorClassifier.Of(exception) switch
        {
            AwsErrorKind.NoBucket => (
                $"There is no bucket {place.Bucket}: {place}",
                $"Check {setting}, the account and AWS_REGION; then run again.",
                false
            ),
            AwsErrorKind.Missing => ($"There is no object {place}", $"Check {setting}; then run again.", false),
            AwsErrorKind.Denied => (
                $"Access to {place} was denied.",
                $"Allow this role {permissions}, and the use of the KMS key if the bucket has one; then run again.",
                false
            ),
            AwsErrorKind.Credentials => (
                $"There are no AWS credentials, or S3 does not take them: {place}",
                "Give the host a role, or set the AWS_* variables or a profile; renew them if they are out of date.",
                false
            ),
            AwsErrorKind.Region => (
                $"The bucket {place.Bucket} is in another region than the one that was asked: {place}",
                $"Set AWS_REGION to the bucket's; `aws s3api get-bucket-location --bucket {place.Bucket}` tells it.",
                false
            ),
            AwsErrorKind.Clock => (
                $"S3 finds this machine's clock wrong by more than it allows: {place}",
                "Set the clock; then run again.",
                true
            ),
            AwsErrorKind.Archived => (
                $"The object is archived: {place}",
                "Restore it, or deliver it again in a storage class that can be read; then run again.",
                false
            ),
            AwsErrorKind.KmsKey => (
                $"The KMS key of {place} cannot be used.",
                "Check that the key is there, is enabled, and lets this role use it (Etl:S3:KmsKeyId); then run again.",
                false
            ),
            AwsErrorKind.Unreachable => (
                $"S3 did not answer, or broke off: {place}",
                "Check the network, AWS_REGION and AWS_ENDPOINT_URL, and in a VPC its S3 endpoint; then run again.",
                true
            ),
            AwsErrorKind.Busy => (
                $"S3 could not serve {place}{Reason(exception)}",
                "Run again in some minutes; see the AWS Health Dashboard if it stays.",
                true
            ),
            _ => ($"S3 refused {place}{Reason(exception)}", $"Check {setting} and Etl:S3; then run again.", false),
        };
        return new EtlException(code, message, nextStep, retryable, AwsErrorClassifier.CauseOf(exception));
    }

    private static string Reason(Exception exception) =>
        exception is AmazonServiceException { ErrorCode: { Length: > 0 and < 60 } code }
        && code.All(char.IsLetterOrDigit)
            ? $" ({code})."
            : ".";
}
