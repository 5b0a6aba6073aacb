using Amazon.S3.Model;

namespace Etl.Infrastructure.Aws;

/// <summary>
/// One version of an object: by its version id where the bucket keeps versions, else by its ETag. An ETag is written with its
/// quotes, which no version id has.
/// </summary>
internal sealed record S3Pin(S3Address Place, string Version, long Bytes)
{
    // The id of what was written while a bucket kept no versions: the one version that can be replaced.
    private const string NoVersion = "null";

    public string? VersionId => IsETag ? null : Version;

    public string? ETag => IsETag ? Version : null;

    public bool IsETag => Version.StartsWith('"');

    public static S3Pin Of(S3Address place, GetObjectMetadataResponse found) =>
        new(
            place,
            found.VersionId is { Length: > 0 } id && id != NoVersion ? id : $"\"{found.ETag.Trim('"')}\"",
            found.ContentLength
        );
}
