using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using Etl.Application.Errors;
using Etl.Application.Export;
using Etl.Infrastructure.Aws;

namespace Etl.Infrastructure.Export.Lake;

/// <summary>A lake below a bucket's prefix. An object appears whole, once its last byte is there, or not at all.</summary>
internal sealed class S3Lake(S3Address root, S3Access s3, TimeProvider clock) : IDataLake
{
    private const string Permissions = "s3:PutObject, s3:GetObject and s3:AbortMultipartUpload on it";
    private const string Setting = "Etl:Lake:Uri or --lake";

    public string Locate(string key) => root.Below(key).ToString();

    public async Task<LakeObject> WriteOnceAsync(string key, LakeContent content, CancellationToken cancellationToken)
    {
        var place = root.Below(key);
        await using var upload = new S3Upload(s3, place, replace: false, exception => Explain(place, exception));
        await content(upload, cancellationToken);
        if (
            !await upload.CompleteAsync(cancellationToken)
            && await HashAsync(place, cancellationToken) != upload.Sha256
        )
        {
            throw LakeErrors.Conflict(place.ToString());
        }

        return new LakeObject(place.ToString(), upload.Bytes, upload.Sha256);
    }

    public async Task<LakeObject> ReplaceAsync(string key, LakeContent content, CancellationToken cancellationToken)
    {
        var place = root.Below(key);
        await using var upload = new S3Upload(s3, place, replace: true, exception => Explain(place, exception));
        await content(upload, cancellationToken);
        await upload.CompleteAsync(cancellationToken);
        return new LakeObject(place.ToString(), upload.Bytes, upload.Sha256);
    }

    public Task CopyAsync(string fromKey, string toKey, CancellationToken cancellationToken)
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

    /// <summary>The hash of an object's very bytes: a checksum of the service's would be one of parts.</summary>
    private async Task<string> HashAsync(S3Address place, CancellationToken cancellationToken)
    {
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
        catch (Exception exception) when (AwsErrorClassifier.IsFault(exception, cancellationToken))
        {
            throw Explain(place, exception);
        }
    }

    internal static EtlException Explain(S3Address place, Exception exception) =>
        S3Errors.Explain(ErrorCode.Lake, place, Permissions, Setting, exception);
}
