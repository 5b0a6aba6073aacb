namespace Etl.Infrastructure.Aws;

/// <summary>
/// How buckets are talked to. Section <c>Etl:S3</c>. Credentials, region, endpoint and number of tries are the AWS SDK's own
/// to find: from a role, a profile or the <c>AWS_*</c> variables, <c>AWS_ENDPOINT_URL</c> and <c>AWS_ENDPOINT_URL_S3</c>
/// among them.
/// </summary>
public sealed class S3Options
{
    /// <summary>
    /// Whether a bucket is named in a request's path and not in its host, as many S3-compatible servers need it. Default
    /// false.
    /// </summary>
    public bool ForcePathStyle { get; set; }

    /// <summary>
    /// Id, alias or ARN of the KMS key that objects of the lake are encrypted with. Default none: what the bucket says.
    /// </summary>
    public string? KmsKeyId { get; set; }

    /// <summary>
    /// Seconds that an answer, or the next bytes of one, are waited for; then the request is done again, from where it broke
    /// off. Also the longest that the sending of one 8 MiB part may take. 1 to 600, default 30.
    /// </summary>
    public int TimeoutSeconds { get; set; } = 30;
}
