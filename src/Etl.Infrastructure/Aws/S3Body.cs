using Amazon.S3.Model;
using Etl.Infrastructure.FileSystem;
using Polly;
using Polly.Retry;

namespace Etl.Infrastructure.Aws;

/// <summary>
/// Reads a pinned object from start to end. If a response fails, times out or ends early, a new request for the same version
/// continues at the first missing byte.
/// </summary>
internal sealed class S3Body : ForwardOnlyStream
{
    private const int MaxReadAttempts = 5;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(0.2);

    private readonly S3Access s3;
    private readonly S3Pin pin;
    private readonly Func<Exception, Exception> explain;
    private readonly ResiliencePipeline retry;
    private GetObjectResponse? response;
    private long position;

    /// <param name="s3">The client.</param>
    /// <param name="pin">The object's version.</param>
    /// <param name="explain">Converts the error that remains after the last attempt.</param>
    /// <param name="clock">Measures the delays between attempts.</param>
    public S3Body(S3Access s3, S3Pin pin, Func<Exception, Exception> explain, TimeProvider clock)
    {
        (this.s3, this.pin, this.explain) = (s3, pin, explain);
        retry = new ResiliencePipelineBuilder { TimeProvider = clock }
            .AddRetry(
                new RetryStrategyOptions
                {
                    ShouldHandle = args =>
                        new(
                            args.Outcome.Exception is { } exception
                                && AwsErrorClassifier.IsAwsError(exception, args.Context.CancellationToken)
                                && AwsErrorClassifier.IsTransient(exception)
                        ),
                    MaxRetryAttempts = MaxReadAttempts - 1,
                    Delay = RetryDelay,
                    BackoffType = DelayBackoffType.Exponential,
                    UseJitter = true,
                }
            )
            .Build();
    }

    public override bool CanRead => true;

    public override long Length => pin.Bytes;

    /// <summary>Sends the first request, so that a deleted version is reported before the first read.</summary>
    public Task OpenAsync(CancellationToken cancellationToken) =>
        ReadAsync(Memory<byte>.Empty, cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await retry.ExecuteAsync(token => ReadOnceAsync(buffer, token), cancellationToken);
        }
        catch (Exception exception) when (AwsErrorClassifier.IsAwsError(exception, cancellationToken))
        {
            throw explain(exception);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            CloseResponse();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadOnceAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (response is null && position == pin.Bytes)
        {
            return 0;
        }

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(s3.Timeout);
        try
        {
            response ??= await RequestAsync(timeout.Token);
            var read = await response.ResponseStream.ReadAsync(buffer, timeout.Token);
            position += read;
            return read > 0 || buffer.IsEmpty || position == pin.Bytes
                ? read
                : throw new EndOfStreamException("The response ended early.");
        }
        catch
        {
            CloseResponse();
            throw;
        }
    }

    private async Task<GetObjectResponse> RequestAsync(CancellationToken cancellationToken)
    {
        var request = new GetObjectRequest
        {
            BucketName = pin.Place.Bucket,
            Key = pin.Place.Key,
            VersionId = pin.VersionId,
            EtagToMatch = pin.ETag,
            ByteRange = position > 0 ? new ByteRange(position, pin.Bytes - 1) : null,
        };
        var opened = await s3.Client.GetObjectAsync(request, cancellationToken);
        if (opened.ContentLength == pin.Bytes - position)
        {
            return opened;
        }

        opened.Dispose();
        throw new IOException("The response does not have the requested range.");
    }

    private void CloseResponse()
    {
        response?.Dispose();
        response = null;
    }
}
