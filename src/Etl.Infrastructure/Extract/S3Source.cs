using Amazon.S3.Model;
using Etl.Application.Errors;
using Etl.Application.Extract;
using Etl.Application.Runs;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;
using Etl.Infrastructure.Aws;

namespace Etl.Infrastructure.Extract;

/// <summary>Reads snapshots from a bucket's prefix.</summary>
internal sealed class S3Source(string location, S3Access s3, TimeProvider clock) : ISourceStore
{
    private const string Permissions = "s3:GetObject and s3:GetObjectVersion on it and s3:ListBucket on its bucket";
    private const string Setting = "Etl:Source:Uri or --source";

    /// <summary>A bucket that has answered about an object; null before the first answer.</summary>
    private volatile string? knownBucket;

    public string Describe(BusinessDate date) => DatePlaceholders.Fill(location, date);

    public async Task<SourceFile?> FindAsync(
        BusinessDate date,
        IReadOnlyList<string> fileNames,
        CancellationToken cancellationToken
    )
    {
        var prefix = S3Address.Parse(Describe(date));
        foreach (var name in fileNames)
        {
            if (await HeadAsync(prefix.Below(name), cancellationToken) is { } file)
            {
                return file with { Folder = FilePattern.FolderOf(name) };
            }
        }

        return null;
    }

    public async Task<IReadOnlyList<string>> ListAsync(
        BusinessDate date,
        string folder,
        string beginning,
        CancellationToken cancellationToken
    )
    {
        var place = S3Address.Parse(Describe(date)).Below(FilePattern.PathOf(folder, beginning));
        var request = new ListObjectsV2Request
        {
            BucketName = place.Bucket,
            Prefix = place.Key,
            Delimiter = "/",
        };
        var names = new List<string>();
        try
        {
            do
            {
                var page = await s3.Client.ListObjectsV2Async(request, cancellationToken);
                names.AddRange((page.S3Objects ?? []).Select(o => o.Key[(o.Key.LastIndexOf('/') + 1)..]));
                request.ContinuationToken = page.NextContinuationToken;
            } while (request.ContinuationToken is not null && names.Count <= ISourceStore.MaxListed);
        }
        catch (Exception exception) when (AwsErrorClassifier.IsAwsError(exception, cancellationToken))
        {
            throw Explain(place, exception);
        }

        // An object with the name of a folder stands for the folder itself.
        return names.Count <= ISourceStore.MaxListed
            ? [.. names.Where(n => n.Length > 0)]
            : throw SourceErrors.TooMany(place.ToString());
    }

    public async Task<SourceFile> PinAsync(string location, CancellationToken cancellationToken) =>
        await HeadAsync(S3Address.Parse(location), cancellationToken) ?? throw SourceErrors.NotFound(location);

    public async Task<Stream> OpenAsync(SourceFile file, CancellationToken cancellationToken)
    {
        var body = new S3Body(s3, PinOf(file), exception => ExplainRead(file, exception), clock);
        try
        {
            await body.OpenAsync(cancellationToken);
            return body;
        }
        catch
        {
            await body.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// A version id identifies immutable bytes. An object pinned by its ETag can be replaced after its last byte was
    /// requested, so the ETag is compared again.
    /// </summary>
    public async Task VerifyUnchangedAsync(SourceFile file, CancellationToken cancellationToken)
    {
        var pin = PinOf(file);
        if (pin.IsETag && (await HeadAsync(pin.Place, cancellationToken) is not { } now || PinOf(now) != pin))
        {
            throw SourceErrors.Changed(file, "it was replaced or deleted");
        }
    }

    private static SourceFile FileOf(S3Address place, GetObjectMetadataResponse found)
    {
        var pin = S3Pin.Of(place, found);
        return new SourceFile(place.ToString(), place.FileName, pin.Version, pin.Bytes)
        {
            ModifiedAt = found.LastModified is { } at ? new DateTimeOffset(at.ToUniversalTime()) : default,
        };
    }

    private static S3Pin PinOf(SourceFile file) => new(S3Address.Parse(file.Uri), file.Version, file.Bytes);

    /// <returns>The newest version, or null if the object does not exist.</returns>
    private async Task<SourceFile?> HeadAsync(S3Address place, CancellationToken cancellationToken)
    {
        try
        {
            var request = new GetObjectMetadataRequest { BucketName = place.Bucket, Key = place.Key };
            var found = await s3.Client.GetObjectMetadataAsync(request, cancellationToken);
            knownBucket = place.Bucket;
            return FileOf(place, found);
        }
        catch (Exception exception) when (AwsErrorClassifier.IsAwsError(exception, cancellationToken))
        {
            return AwsErrorClassifier.IsTransient(exception)
                || AwsErrorClassifier.Of(exception) == AwsErrorKind.Credentials
                    ? throw Explain(place, exception)
                : AwsErrorClassifier.Of(exception) == AwsErrorKind.NotFound && knownBucket == place.Bucket ? null
                : await ExplainMissingAsync(place, cancellationToken);
        }
    }

    /// <summary>A response to HEAD has no body, so a missing key and a missing bucket are the same; one GET distinguishes them.</summary>
    private async Task<SourceFile?> ExplainMissingAsync(S3Address place, CancellationToken cancellationToken)
    {
        try
        {
            var request = new GetObjectRequest { BucketName = place.Bucket, Key = place.Key };
            using var response = await s3.Client.GetObjectAsync(request, cancellationToken);
            return null;
        }
        catch (Exception exception) when (AwsErrorClassifier.IsAwsError(exception, cancellationToken))
        {
            if (AwsErrorClassifier.Of(exception) != AwsErrorKind.NotFound)
            {
                throw Explain(place, exception);
            }

            knownBucket = place.Bucket;
            return null;
        }
    }

    private static EtlException ExplainRead(SourceFile file, Exception exception) =>
        AwsErrorClassifier.Of(exception) switch
        {
            AwsErrorKind.PreconditionFailed => SourceErrors.Changed(file, "it was replaced"),
            AwsErrorKind.NotFound => SourceErrors.Changed(file, "it was deleted"),
            _ => Explain(S3Address.Parse(file.Uri), exception),
        };

    private static EtlException Explain(S3Address place, Exception exception) =>
        S3Errors.Explain(
            AwsErrorClassifier.Of(exception) == AwsErrorKind.BucketNotFound
                ? ErrorCode.SourceMissing
                : ErrorCode.SourceUnreadable,
            place,
            Permissions,
            Setting,
            exception
        );
}
