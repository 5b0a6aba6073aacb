using Amazon.S3.Model;

namespace Etl.Infrastructure.Aws;

/// <summary>
/// One version of an object: the version id if the bucket has versioning, else the ETag. An ETag is stored with its quotes,
/// which no version id has.
/// </summary>
internal sealed record S3Pin(S3Address Place, string Version, long Bytes)
{
    // The version id of objects written without versioning: S3 can replace this version.
    private const string Unversioned = "null";

    public string? VersionId => IsETag ? null : Version;

    public string? ETag => IsETag ? Version : null;

    public bool IsETag => Version.StartsWith('"');

    public static S3Pin Of(S3Address place, GetObjectMetadataResponse found) =>
        new(
            place,
            found.VersionId is { Length: > 0 } id && id != Unversioned ? id : $"\"{found.ETag.Trim('"')}\"",
            found.ContentLength
        );
}
