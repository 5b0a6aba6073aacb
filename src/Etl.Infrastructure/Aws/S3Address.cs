using System.Text.RegularExpressions;

namespace Etl.Infrastructure.Aws;

/// <summary>A location in S3: a bucket, and a prefix or key without leading or trailing slashes.</summary>
internal sealed partial record S3Address(string Bucket, string Key)
{
    public const string Scheme = "s3://";

    public static bool IsS3(string location) => location.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    /// <returns>Null if the text is not an s3:// address with a valid bucket name.</returns>
    public static S3Address? TryParse(string location)
    {
        if (!IsS3(location))
        {
            return null;
        }

        var rest = location[Scheme.Length..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var bucket = slash < 0 ? rest : rest[..slash];
        return BucketName().IsMatch(bucket) ? new S3Address(bucket, slash < 0 ? "" : rest[slash..].Trim('/')) : null;
    }

    public static S3Address Parse(string location) =>
        TryParse(location) ?? throw new ArgumentException("The location is not an s3:// address.", nameof(location));

    /// <summary>The location of a relative key below this prefix.</summary>
    public S3Address Below(string relative) => this with { Key = Key.Length == 0 ? relative : $"{Key}/{relative}" };

    public string FileName => Key[(Key.LastIndexOf('/') + 1)..];

    public override string ToString() => Key.Length == 0 ? $"{Scheme}{Bucket}" : $"{Scheme}{Bucket}/{Key}";

    [GeneratedRegex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", RegexOptions.CultureInvariant)]
    private static partial Regex BucketName();
}
