using System.Text.RegularExpressions;

namespace Etl.Infrastructure.Aws;

/// <summary>A place in S3: a bucket, and a prefix or key in it, without slashes at its ends.</summary>
internal sealed partial record S3Address(string Bucket, string Key)
{
    public const string Scheme = "s3://";

    public static bool IsOne(string location) => location.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>The place, or null where the text names no bucket that could be.</summary>
    public static S3Address? TryParse(string location)
    {
        if (!IsOne(location))
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

    /// <summary>What lies below this place under a relative key.</summary>
    public S3Address Below(string relative) => this with { Key = Key.Length == 0 ? relative : $"{Key}/{relative}" };

    public string FileName => Key[(Key.LastIndexOf('/') + 1)..];

    public override string ToString() => Key.Length == 0 ? $"{Scheme}{Bucket}" : $"{Scheme}{Bucket}/{Key}";

    [GeneratedRegex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", RegexOptions.CultureInvariant)]
    private static partial Regex BucketName();
}
