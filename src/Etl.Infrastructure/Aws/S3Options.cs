using System.ComponentModel.DataAnnotations;
using Etl.Application.Options;

namespace Etl.Infrastructure.Aws;

/// <summary>
/// Access to S3 buckets. Section <c>Etl:S3</c>. The AWS SDK reads credentials, region, endpoint and number of attempts from a
/// role, a profile or the <c>AWS_*</c> variables, including <c>AWS_ENDPOINT_URL</c> and <c>AWS_ENDPOINT_URL_S3</c>.
/// </summary>
public sealed class S3Options
{
    /// <summary>
    /// Whether requests name the bucket in the path instead of the host name, as many S3-compatible servers require. Default
    /// false.
    /// </summary>
    public bool ForcePathStyle { get; set; }

    /// <summary>
    /// Id, alias or ARN of the KMS key that encrypts the objects of the lake. Default none: the bucket's encryption applies.
    /// </summary>
    [RegularExpression(@"\S+", ErrorMessage = "contains a blank; give a key's id, its ARN, or alias/NAME.")]
    public string? KmsKeyId { get; set; }

    /// <summary>
    /// Timeout in seconds of a response, and of the next bytes of a response; the request is then repeated from the first
    /// missing byte. Also the timeout for sending one part of 8 MiB. Default 30.
    /// </summary>
    [Bounds(1, 600, "seconds")]
    public int TimeoutSeconds { get; set; } = 30;
}
