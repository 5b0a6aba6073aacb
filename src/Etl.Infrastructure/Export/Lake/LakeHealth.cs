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

/// <summary>Whether exports can be written, by what the place itself says of permissions.</summary>
internal sealed class LakeHealth(Func<IDataLake> open, IOptions<LakeOptions> options, S3Access s3) : IHealthCheck
{
    public string Name => "lake";

    public ErrorCode Cause => ErrorCode.Lake;

    public async Task<HealthFinding> CheckAsync(BusinessDate date, CancellationToken cancellationToken)
    {
        var lake = open(); // says it, where there is none
        var location = options.Value.Uri!;
        if (S3Address.IsOne(location))
        {
            return await AskBucketAsync(S3Address.Parse(lake.Locate(ExportKey.LatestManifest)), cancellationToken);
        }

        var root = FolderUri.PathOf(location);
        return FolderAccess.MayWrite(root)
            ? HealthFinding.Good(Directory.Exists(root) ? $"{root} may be written" : $"{root} will be made")
            : throw LakeErrors.Explain(Path.Combine(root, "analytics_export"), new UnauthorizedAccessException());
    }

    /// <summary>By a look at the last manifest, which a run may read: writing would leave something.</summary>
    private async Task<HealthFinding> AskBucketAsync(S3Address manifest, CancellationToken cancellationToken)
    {
        try
        {
            var request = new GetObjectRequest { BucketName = manifest.Bucket, Key = manifest.Key };
            using var found = await s3.Client.GetObjectAsync(request, cancellationToken);
            return HealthFinding.Good($"bucket {manifest.Bucket} answers, and holds {manifest}");
        }
        catch (Exception exception) when (AwsErrorClassifier.IsFault(exception, cancellationToken))
        {
            // No export yet; or a role that may not list is not told whether there is one.
            return AwsErrorClassifier.Of(exception) is AwsErrorKind.Missing or AwsErrorKind.Denied
                ? HealthFinding.Unknown($"bucket {manifest.Bucket} answers; the first export will tell the rest")
                : throw S3Lake.Explain(manifest, exception);
        }
    }
}
