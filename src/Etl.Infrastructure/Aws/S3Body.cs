using Amazon.S3.Model;
using Etl.Infrastructure.FileSystem;
using Polly;
using Polly.Retry;

namespace Etl.Infrastructure.Aws;

/// <summary>
/// A pinned object's bytes, from front to back. Where its body breaks off, falls silent or ends early, the next one begins
/// at the first byte that is missing, of the same version.
/// </summary>
internal sealed class S3Body : ForwardOnlyStream
{
    private const int TriesForARead = 5;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.2);

    private readonly S3Access s3;
    private readonly S3Pin pin;
    private readonly Func<Exception, Exception> explain;
    private readonly ResiliencePipeline again;
    private GetObjectResponse? body;
    private long position;

    /// <param name="s3">The client.</param>
    /// <param name="pin">What is read.</param>
    /// <param name="explain">Says what a exception means that trying again did not mend.</param>
    /// <param name="clock">Times the pauses.</param>
    public S3Body(S3Access s3, S3Pin pin, Func<Exception, Exception> explain, TimeProvider clock)
    {
        (this.s3, this.pin, this.explain) = (s3, pin, explain);
        again = new ResiliencePipelineBuilder { TimeProvider = clock }
            .AddRetry(
                new RetryStrategyOptions
                {
                    ShouldHandle = args =>
                        new(
                            args.Outcome.Exception is { } exception
                                && AwsErrorClassifier.IsFault(exception, args.Context.CancellationToken)
                                && AwsErrorClassifier.IsTransient(exception)
                        ),
                    MaxRetryAttempts = TriesForARead - 1,
                    Delay = FirstPause,
                    BackoffType = DelayBackoffType.Exponential,
                    UseJitter = true,
                }
            )
            .Build();
    }

    public override bool CanRead => true;

    public override long Length => pin.Bytes;

    /// <summary>Asks for the first byte, so that a pinned version that is gone is known at once.</summary>
    public Task OpenAsync(CancellationToken cancellationToken) =>
        ReadAsync(Memory<byte>.Empty, cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await again.ExecuteAsync(token => ReadOnceAsync(buffer, token), cancellationToken);
        }
        catch (Exception exception) when (AwsErrorClassifier.IsFault(exception, cancellationToken))
        {
            throw explain(exception);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Drop();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadOnceAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (body is null && position == pin.Bytes)
        {
            return 0;
        }

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(s3.Timeout);
        try
        {
            body ??= await BeginAsync(timeout.Token);
            var read = await body.ResponseStream.ReadAsync(buffer, timeout.Token);
            position += read;
            return read > 0 || buffer.IsEmpty || position == pin.Bytes
                ? read
                : throw new EndOfStreamException("The body ended early.");
        }
        catch
        {
            Drop();
            throw;
        }
    }

    private async Task<GetObjectResponse> BeginAsync(CancellationToken cancellationToken)
    {
        var request = new GetObjectRequest
        {
            BucketName = pin.Place.Bucket,
            Key = pin.Place.Key,
            VersionId = pin.VersionId,
            EtagToMatch = pin.ETag,
            ByteRange = position > 0 ? new ByteRange(position, pin.Bytes - 1) : null,
        };
        var answer = await s3.Client.GetObjectAsync(request, cancellationToken);
        if (answer.ContentLength == pin.Bytes - position)
        {
            return answer;
        }

        answer.Dispose();
        throw new IOException("The answer is not the range that was asked for.");
    }

    private void Drop()
    {
        body?.Dispose();
        body = null;
    }
}
