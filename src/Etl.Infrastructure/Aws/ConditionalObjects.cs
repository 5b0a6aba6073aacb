using System.Text;
using Amazon.S3;
using Amazon.S3.Model;
using Etl.Application.Errors;

namespace Etl.Infrastructure.Aws;

/// <summary>A small object and its ETag, which identifies its state.</summary>
internal sealed record StoredObject(byte[] Bytes, string ETag);

/// <summary>Small objects, most of which are written only if they are in the expected state.</summary>
/// <param name="s3">The client.</param>
/// <param name="explain">The error of a failed request.</param>
internal sealed class ConditionalObjects(S3Access s3, Func<S3Address, Exception, EtlException> explain)
{
    private const string Absent = "*";

    /// <summary>An object of this size does not come from this program.</summary>
    private const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>Writes an object if its state is the given one.</summary>
    /// <param name="place">The object.</param>
    /// <param name="bytes">The new content.</param>
    /// <param name="etag">The expected state; null for an object that does not exist.</param>
    /// <param name="cancellationToken">Stops the request.</param>
    /// <returns>
    /// The object as it is now. Other bytes than the given ones mean that another writer was first; the same bytes, that this
    /// request or an earlier one whose response was lost has written them.
    /// </returns>
    /// <exception cref="EtlException">S3 failed or refused the request.</exception>
    public async Task<StoredObject> WriteAsync(
        S3Address place,
        byte[] bytes,
        string? etag,
        CancellationToken cancellationToken
    )
    {
        using var content = new MemoryStream(bytes, writable: false);
        var request = Request(place, content, "application/json");
        request.IfNoneMatch = etag is null ? Absent : null;
        request.IfMatch = etag;
        try
        {
            return new StoredObject(bytes, (await s3.Client.PutObjectAsync(request, cancellationToken)).ETag);
        }
        catch (Exception exception) when (AwsErrorClassifier.IsAwsError(exception, cancellationToken))
        {
            if (AwsErrorClassifier.Of(exception) != AwsErrorKind.PreconditionFailed)
            {
                throw explain(place, exception);
            }
        }

        return await ReadAsync(place, cancellationToken);
    }

    /// <summary>Writes a text, whatever the object's state.</summary>
    /// <exception cref="EtlException">S3 failed or refused the request.</exception>
    public async Task ReplaceAsync(S3Address place, string text, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(text), writable: false);
        try
        {
            await s3.Client.PutObjectAsync(Request(place, content, "text/plain"), cancellationToken);
        }
        catch (Exception exception) when (AwsErrorClassifier.IsAwsError(exception, cancellationToken))
        {
            throw explain(place, exception);
        }
    }

    /// <exception cref="EtlException">S3 failed, or the object does not exist.</exception>
    /// <exception cref="InvalidDataException">The object is too large.</exception>
    public async Task<StoredObject> ReadAsync(S3Address place, CancellationToken cancellationToken)
    {
        try
        {
            var request = new GetObjectRequest { BucketName = place.Bucket, Key = place.Key };
            using var response = await s3.Client.GetObjectAsync(request, cancellationToken);
            if (response.ContentLength > MaxBytes)
            {
                throw new InvalidDataException($"The object has {response.ContentLength} bytes.");
            }

            var bytes = new byte[response.ContentLength];
            await response.ResponseStream.ReadExactlyAsync(bytes, cancellationToken);
            return new StoredObject(bytes, response.ETag);
        }
        catch (Exception exception)
            when (exception is not InvalidDataException && AwsErrorClassifier.IsAwsError(exception, cancellationToken))
        {
            throw explain(place, exception);
        }
    }

    private PutObjectRequest Request(S3Address place, Stream content, string contentType)
    {
        var request = new PutObjectRequest
        {
            BucketName = place.Bucket,
            Key = place.Key,
            InputStream = content,
            ContentType = contentType,
        };
        if (s3.Options.KmsKeyId is { Length: > 0 } key)
        {
            request.ServerSideEncryptionMethod = ServerSideEncryptionMethod.AWSKMS;
            request.ServerSideEncryptionKeyManagementServiceKeyId = key;
        }

        return request;
    }
}
