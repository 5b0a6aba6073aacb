using Amazon.S3;
using Amazon.S3.Model;
using Etl.Infrastructure.Aws;

namespace Etl.Infrastructure.Export.Lake;

/// <summary>
/// Uploads an object: with one request if it fits in one part, otherwise as a multipart upload that holds at most one part
/// in memory. Dispose aborts an upload that is not completed.
/// </summary>
internal sealed class S3Upload(S3Access s3, S3Address place, bool replace, Func<Exception, Exception> explain)
    : LakeUpload
{
    private const int PartBytes = 8 * 1024 * 1024;
    private const int InitialBufferBytes = 64 * 1024;
    private const string IfAbsent = "*";

    // Short: orphaned parts cost little, but the end of the run waits for the abort.
    private static readonly TimeSpan AbortTimeout = TimeSpan.FromSeconds(10);

    private readonly MemoryStream part = new(InitialBufferBytes);
    private readonly List<PartETag> sent = [];
    private string? uploadId;
    private bool completed;

    public override void Write(ReadOnlySpan<byte> buffer) =>
        WriteAsync(buffer.ToArray(), CancellationToken.None).AsTask().GetAwaiter().GetResult();

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        Append(buffer.Span);
        while (!buffer.IsEmpty)
        {
            if (part.Length == PartBytes)
            {
                await GuardAsync(() => SendPartAsync(cancellationToken), cancellationToken);
            }

            var count = (int)Math.Min(PartBytes - part.Length, buffer.Length);
            part.Write(buffer.Span[..count]);
            buffer = buffer[count..];
        }
    }

    public override async Task<bool> CompleteAsync(CancellationToken cancellationToken)
    {
        var digest = CompleteHash();
        try
        {
            await GuardAsync(
                async () =>
                {
                    if (uploadId is null)
                    {
                        await PutAsync(digest, cancellationToken);
                    }
                    else
                    {
                        await JoinAsync(cancellationToken);
                    }
                },
                cancellationToken
            );
        }
        catch (AmazonS3Exception exception) when (IsTaken(exception))
        {
            return false;
        }

        completed = true;
        return true;
    }

    public override async ValueTask DisposeAsync()
    {
        await part.DisposeAsync();
        if (uploadId is not null && !completed)
        {
            await AbortAsync(uploadId);
        }

        await base.DisposeAsync();
    }

    private Task<PutObjectResponse> PutAsync(byte[] digest, CancellationToken cancellationToken) =>
        s3.Client.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = place.Bucket,
                Key = place.Key,
                InputStream = PartStream(),
                AutoCloseStream = false,
                ContentType = ContentType,
                ChecksumSHA256 = Convert.ToBase64String(digest),
                IfNoneMatch = replace ? null : IfAbsent,
                ServerSideEncryptionMethod = Encryption,
                ServerSideEncryptionKeyManagementServiceKeyId = KmsKey,
            },
            cancellationToken
        );

    private async Task SendPartAsync(CancellationToken cancellationToken)
    {
        uploadId ??= await BeginAsync(cancellationToken);
        var response = await s3.Client.UploadPartAsync(
            new UploadPartRequest
            {
                BucketName = place.Bucket,
                Key = place.Key,
                UploadId = uploadId,
                PartNumber = sent.Count + 1,
                PartSize = part.Length,
                InputStream = PartStream(),
                ChecksumAlgorithm = ChecksumAlgorithm.CRC32,
            },
            cancellationToken
        );
        sent.Add(new PartETag(response));
        part.SetLength(0);
    }

    private async Task<string> BeginAsync(CancellationToken cancellationToken)
    {
        var response = await s3.Client.InitiateMultipartUploadAsync(
            new InitiateMultipartUploadRequest
            {
                BucketName = place.Bucket,
                Key = place.Key,
                ContentType = ContentType,
                ChecksumAlgorithm = ChecksumAlgorithm.CRC32,
                ServerSideEncryptionMethod = Encryption,
                ServerSideEncryptionKeyManagementServiceKeyId = KmsKey,
            },
            cancellationToken
        );
        return response.UploadId;
    }

    private async Task JoinAsync(CancellationToken cancellationToken)
    {
        await SendPartAsync(cancellationToken);
        await s3.Client.CompleteMultipartUploadAsync(
            new CompleteMultipartUploadRequest
            {
                BucketName = place.Bucket,
                Key = place.Key,
                UploadId = uploadId,
                PartETags = sent,
                IfNoneMatch = replace ? null : IfAbsent,
            },
            cancellationToken
        );
    }

    /// <summary>Errors are ignored: the bucket's lifecycle rule for incomplete uploads deletes the parts later.</summary>
    private async Task AbortAsync(string id)
    {
        using var timeout = new CancellationTokenSource(AbortTimeout);
        try
        {
            var request = new AbortMultipartUploadRequest
            {
                BucketName = place.Bucket,
                Key = place.Key,
                UploadId = id,
            };
            await s3.Client.AbortMultipartUploadAsync(request, timeout.Token);
        }
        catch (Exception exception) when (AwsErrorClassifier.IsAwsError(exception, CancellationToken.None)) { }
    }

    private async Task GuardAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work();
        }
        catch (Exception exception)
            when (AwsErrorClassifier.IsAwsError(exception, cancellationToken) && !IsTaken(exception))
        {
            throw explain(exception);
        }
    }

    /// <summary>
    /// Whether the key already has an object. If the upload no longer exists, an earlier attempt whose response was lost has
    /// completed it; the object is then this one.
    /// </summary>
    private bool IsTaken(Exception exception) =>
        !replace
        && (
            AwsErrorClassifier.Of(exception) == AwsErrorKind.PreconditionFailed
            || exception is AmazonS3Exception { ErrorCode: "NoSuchUpload" }
        );

    private MemoryStream PartStream() => new(part.GetBuffer(), 0, (int)part.Length, writable: false);

    private string? KmsKey => s3.Options.KmsKeyId is { Length: > 0 } key ? key : null;

    private ServerSideEncryptionMethod? Encryption => KmsKey is null ? null : ServerSideEncryptionMethod.AWSKMS;

    private string ContentType =>
        Path.GetExtension(place.Key) switch
        {
            ".csv" => "text/csv; charset=utf-8",
            ".parquet" => "application/vnd.apache.parquet",
            ".json" => "application/json",
            ".html" => "text/html; charset=utf-8",
            _ => "application/octet-stream",
        };
}
