using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using Etl.Application.Errors;
using Etl.Infrastructure.Aws;

namespace Etl.Infrastructure.Export.Lake;

/// <summary>A lake below a bucket's prefix. S3 makes an object visible when its last byte has arrived.</summary>
internal sealed class S3Lake(S3Address root, S3Access s3, TimeProvider clock) : DataLake
{
    private const string Permissions = "s3:PutObject, s3:GetObject and s3:AbortMultipartUpload on it";
    private const string Setting = "Etl:Lake:Uri or --lake";

    public override string Uri => root.ToString();

    public override string Locate(string key) => root.Below(key).ToString();

    public override Task CopyAsync(string fromKey, string toKey, CancellationToken cancellationToken)
    {
        var (from, to) = (root.Below(fromKey), root.Below(toKey));
        var request = new CopyObjectRequest
        {
            SourceBucket = from.Bucket,
            SourceKey = from.Key,
            DestinationBucket = to.Bucket,
            DestinationKey = to.Key,
        };
        if (s3.Options.KmsKeyId is { Length: > 0 } key)
        {
            request.ServerSideEncryptionMethod = ServerSideEncryptionMethod.AWSKMS;
            request.ServerSideEncryptionKeyManagementServiceKeyId = key;
        }

        return GuardAsync(to, () => s3.Client.CopyObjectAsync(request, cancellationToken), cancellationToken);
    }

    internal static EtlException Explain(S3Address place, Exception exception) =>
        S3Errors.Explain(ErrorCode.Lake, place, Permissions, Setting, exception);

    protected override LakeUpload Begin(string key, bool replace)
    {
        var place = root.Below(key);
        return new S3Upload(s3, place, replace, exception => Explain(place, exception));
    }

    /// <summary>Reads the object: S3's own checksum of a multipart object is a checksum of its parts' checksums.</summary>
    protected override async Task<string> HashAsync(string key, CancellationToken cancellationToken)
    {
        var place = root.Below(key);
        var request = new GetObjectMetadataRequest { BucketName = place.Bucket, Key = place.Key };
        var found = await GuardAsync(
            place,
            () => s3.Client.GetObjectMetadataAsync(request, cancellationToken),
            cancellationToken
        );
        await using var body = new S3Body(s3, S3Pin.Of(place, found), exception => Explain(place, exception), clock);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(body, cancellationToken));
    }

    private static async Task<T> GuardAsync<T>(S3Address place, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await work();
        }
        catch (Exception exception) when (AwsErrorClassifier.IsAwsError(exception, cancellationToken))
        {
            throw Explain(place, exception);
        }
    }
}
