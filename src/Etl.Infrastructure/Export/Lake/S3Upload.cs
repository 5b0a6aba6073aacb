using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using Etl.Infrastructure.Aws;
using Etl.Infrastructure.FileSystem;

namespace Etl.Infrastructure.Export.Lake;

/// <summary>
/// An object on its way into a bucket, hashed while it is written: in one piece where it is small, else part by part, with
/// one part at most in memory. What is not completed is taken back when it is disposed.
/// </summary>
internal sealed class S3Upload(S3Access s3, S3Address place, bool replace, Func<Exception, Exception> explain)
    : ForwardOnlyStream
{
    private const int PartBytes = 8 * 1024 * 1024;
    private const int FirstBytes = 64 * 1024;
    private const string NobodysYet = "*";

    // Sending of a part that is lost is cheap; waiting for it as the run ends is not.
    private static readonly TimeSpan AbortPatience = TimeSpan.FromSeconds(10);

    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly MemoryStream part = new(FirstBytes);
    private readonly List<PartETag> sent = [];
    private string? uploadId;
    private bool completed;

    public override bool CanWrite => true;

    public long Bytes { get; private set; }

    /// <summary>Lower-case hex, once complete.</summary>
    public string Sha256 { get; private set; } = "";

    public override void Write(ReadOnlySpan<byte> buffer) =>
        WriteAsync(buffer.ToArray(), CancellationToken.None).AsTask().GetAwaiter().GetResult();

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        hash.AppendData(buffer.Span);
        Bytes += buffer.Length;
        while (!buffer.IsEmpty)
        {
            if (part.Length == PartBytes)
            {
                await GuardAsync(() => SendPartAsync(cancellationToken), cancellationToken);
            }

            var fits = (int)Math.Min(PartBytes - part.Length, buffer.Length);
            part.Write(buffer.Span[..fits]);
            buffer = buffer[fits..];
        }
    }

    /// <summary>All bytes are given: the object appears.</summary>
    /// <returns>False where the key is taken, and may not be.</returns>
    public async Task<bool> CompleteAsync(CancellationToken cancellationToken)
    {
        var digest = hash.GetHashAndReset();
        Sha256 = Convert.ToHexStringLower(digest);
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
        catch (AmazonS3Exception taken) when (IsTaken(taken))
        {
            return false;
        }

        completed = true;
        return true;
    }

    public override async ValueTask DisposeAsync()
    {
        hash.Dispose();
        await part.DisposeAsync();
        if (uploadId is { } left && !completed)
        {
            await AbortAsync(left);
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
                IfNoneMatch = replace ? null : NobodysYet,
                ServerSideEncryptionMethod = Encryption,
                ServerSideEncryptionKeyManagementServiceKeyId = KmsKey,
            },
            cancellationToken
        );

    private async Task SendPartAsync(CancellationToken cancellationToken)
    {
        uploadId ??= await BeginAsync(cancellationToken);
        var answer = await s3.Client.UploadPartAsync(
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
        sent.Add(new PartETag(answer));
        part.SetLength(0);
    }

    private async Task<string> BeginAsync(CancellationToken cancellationToken)
    {
        var begun = await s3.Client.InitiateMultipartUploadAsync(
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
        return begun.UploadId;
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
                IfNoneMatch = replace ? null : NobodysYet,
            },
            cancellationToken
        );
    }

    /// <summary>Where even this fails, the bucket's own rule for uploads that were not completed takes the parts away.</summary>
    private async Task AbortAsync(string left)
    {
        using var timeout = new CancellationTokenSource(AbortPatience);
        try
        {
            var request = new AbortMultipartUploadRequest
            {
                BucketName = place.Bucket,
                Key = place.Key,
                UploadId = left,
            };
            await s3.Client.AbortMultipartUploadAsync(request, timeout.Token);
        }
        catch (Exception exception) when (AwsErrorClassifier.IsFault(exception, CancellationToken.None)) { }
    }

    private async Task GuardAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work();
        }
        catch (Exception exception)
            when (AwsErrorClassifier.IsFault(exception, cancellationToken) && !IsTaken(exception))
        {
            throw explain(exception);
        }
    }

    /// <summary>
    /// The key has an object already. An upload that is not there any more was joined by a try whose answer was lost: then the
    /// object is this one.
    /// </summary>
    private bool IsTaken(Exception exception) =>
        !replace
        && (
            AwsErrorClassifier.Of(exception) == AwsErrorKind.NotAsExpected
            || exception is AmazonS3Exception { ErrorCode: "NoSuchUpload" }
        );

    private MemoryStream PartStream() => new(part.GetBuffer(), 0, (int)part.Length, writable: false);

    private string? KmsKey => s3.Options.KmsKeyId is { Length: > 0 } key ? key : null;

    private ServerSideEncryptionMethod? Encryption => KmsKey is null ? null : ServerSideEncryptionMethod.AWSKMS;

    private string ContentType =>
        Path.GetExtension(place.Key) switch
        {
            ".csv" => "text/csv; charset=utf-8",
            ".json" => "application/json",
            ".html" => "text/html; charset=utf-8",
            _ => "application/octet-stream",
        };
}
