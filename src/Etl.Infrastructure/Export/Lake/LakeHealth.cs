using Amazon.S3.Model;
using Etl.Application.Errors;
using Etl.Application.Export;
using Etl.Application.Operations;
using Etl.Domain.Lake;
using Etl.Domain.Runs;
using Etl.Infrastructure.Aws;
using Etl.Infrastructure.FileSystem;
using Microsoft.Extensions.Options;

namespace Etl.Infrastructure.Export.Lake;

/// <summary>Checks that exports can be written, without writing an object.</summary>
internal sealed class LakeHealth(Func<IDataLake> open, IOptions<LakeOptions> options, S3Access s3) : IHealthCheck
{
    public string Name => "lake";

    public ErrorCode Cause => ErrorCode.Lake;

    public async Task<HealthCheckResult> CheckAsync(BusinessDate date, CancellationToken cancellationToken)
    {
        var lake = open(); // throws if no lake is set
        var location = options.Value.Uri!;
        if (S3Address.IsS3(location))
        {
            return await CheckBucketAsync(S3Address.Parse(lake.Locate(ExportKey.LatestManifest)), cancellationToken);
        }

        var root = FolderUri.PathOf(location);
        return FolderAccess.CanWrite(root)
            ? HealthCheckResult.Ok(Directory.Exists(root) ? $"{root} is writable" : $"{root} will be created")
            : throw LakeErrors.Explain(Path.Combine(root, "analytics_export"), new UnauthorizedAccessException());
    }

    /// <summary>Reads the latest manifest, as a run does: a test write would leave an object.</summary>
    private async Task<HealthCheckResult> CheckBucketAsync(S3Address manifest, CancellationToken cancellationToken)
    {
        try
        {
            var request = new GetObjectRequest { BucketName = manifest.Bucket, Key = manifest.Key };
            using var response = await s3.Client.GetObjectAsync(request, cancellationToken);
            return HealthCheckResult.Ok($"bucket {manifest.Bucket} responds and has {manifest}");
        }
        catch (Exception exception) when (AwsErrorClassifier.IsAwsError(exception, cancellationToken))
        {
            // There is no export yet, or S3 does not reveal a missing key to a role without permission to list.
            return AwsErrorClassifier.Of(exception) is AwsErrorKind.NotFound or AwsErrorKind.AccessDenied
                ? HealthCheckResult.NotChecked(
                    $"bucket {manifest.Bucket} responds; the first export checks the permission to write"
                )
                : throw S3Lake.Explain(manifest, exception);
        }
    }
}
