using Amazon.S3.Model;
using Etl.Application.Errors;
using Etl.Application.Operations;
using Etl.Domain.Runs;
using Etl.Infrastructure.Aws;
using Etl.Infrastructure.FileSystem;
using Microsoft.Extensions.Options;

namespace Etl.Infrastructure.Export.Lake;

/// <summary>Writes an object beside the exports and deletes it.</summary>
internal sealed class LakeTrial(IOptions<LakeOptions> options, S3Access s3) : IHealthCheck
{
    private const string Key = "analytics_export/_etl_trial";
    private static readonly byte[] Content = new byte[1 << 16];

    public string Name => "lake write";

    public string Needs => "lake";

    public CheckDepth Depth => CheckDepth.Trial;

    public ErrorCode Cause => ErrorCode.Lake;

    public async Task<HealthCheckResult> CheckAsync(BusinessDate date, CancellationToken cancellationToken)
    {
        var location = options.Value.Uri!;
        return S3Address.IsS3(location)
            ? await TryBucketAsync(S3Address.Parse($"{location.TrimEnd('/')}/{Key}"), cancellationToken)
            : await TryFolderAsync(FolderUri.PathOf(location), cancellationToken);
    }

    /// <summary>In the nearest folder that exists: a check creates no folder.</summary>
    private static async Task<HealthCheckResult> TryFolderAsync(string root, CancellationToken cancellationToken)
    {
        var file = Path.Combine(FolderAccess.Nearest(root), $".etl_trial_{Path.GetRandomFileName()}");
        try
        {
            await using (var stream = new FileStream(file, FileMode.CreateNew, FileAccess.Write))
            {
                await stream.WriteAsync(Content, cancellationToken);
                stream.Flush(flushToDisk: true);
            }

            File.Delete(file);
            return HealthCheckResult.Ok("a file was written and deleted");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            TryDelete(file);
            throw LakeErrors.Explain(file, exception);
        }
    }

    private static void TryDelete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The write's own error is reported.
        }
    }

    /// <summary>A role need not have the permission to delete: the key is always the same, so at most one object stays.</summary>
    private async Task<HealthCheckResult> TryBucketAsync(S3Address trial, CancellationToken cancellationToken)
    {
        var written = false;
        try
        {
            using var content = new MemoryStream(Content);
            await s3.Client.PutObjectAsync(
                new PutObjectRequest
                {
                    BucketName = trial.Bucket,
                    Key = trial.Key,
                    InputStream = content,
                },
                cancellationToken
            );
            written = true;
            await s3.Client.DeleteObjectAsync(trial.Bucket, trial.Key, cancellationToken);
            return HealthCheckResult.Ok("an object was written and deleted");
        }
        catch (Exception exception) when (AwsErrorClassifier.IsAwsError(exception, cancellationToken))
        {
            return written
                ? HealthCheckResult.Ok($"an object was written; this role cannot delete it: {trial}")
                : throw S3Lake.Explain(trial, exception);
        }
    }
}
