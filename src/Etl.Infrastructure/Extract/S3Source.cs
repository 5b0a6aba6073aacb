using Amazon.S3.Model;
using Etl.Application.Errors;
using Etl.Application.Extract;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Infrastructure.Aws;

namespace Etl.Infrastructure.Extract;

/// <summary>Snapshots below a bucket's prefix.</summary>
internal sealed class S3Source(string location, S3Access s3, TimeProvider clock) : ISourceStore
{
    private const string Permissions = "s3:GetObject and s3:GetObjectVersion on it and s3:ListBucket on its bucket";
    private const string Setting = "Etl:Source:Uri or --source";

    public string Describe(BusinessDate date) => location.Replace("{date}", date.ToString(), StringComparison.Ordinal);

    public async Task<SourceFile?> FindAsync(
        BusinessDate date,
        IReadOnlyList<string> fileNames,
        CancellationToken cancellationToken
    )
    {
        var prefix = S3Address.Parse(Describe(date));
        foreach (var place in fileNames.Select(prefix.Below))
        {
            if (await HeadAsync(place, cancellationToken) is { } pin)
            {
                return FileOf(pin);
            }
        }

        return null;
    }

    public async Task<SourceFile> PinAsync(string location, CancellationToken cancellationToken) =>
        await HeadAsync(S3Address.Parse(location), cancellationToken) is { } pin
            ? FileOf(pin)
            : throw SourceErrors.NotThere(location);

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

    /// <summary>A version stays what it is; what an ETag pins may have been replaced since its last byte was asked for.</summary>
    public async Task VerifyUnchangedAsync(SourceFile file, CancellationToken cancellationToken)
    {
        var pin = PinOf(file);
        if (pin.IsETag && await HeadAsync(pin.Place, cancellationToken) != pin)
        {
            throw SourceErrors.Changed(file, "it was replaced or deleted since");
        }
    }

    private static SourceFile FileOf(S3Pin pin) =>
        new(pin.Place.ToString(), pin.Place.FileName, pin.Version, pin.Bytes);

    private static S3Pin PinOf(SourceFile file) => new(S3Address.Parse(file.Uri), file.Version, file.Bytes);

    /// <returns>The newest version, or null where there is none.</returns>
    private async Task<S3Pin?> HeadAsync(S3Address place, CancellationToken cancellationToken)
    {
        try
        {
            var request = new GetObjectMetadataRequest { BucketName = place.Bucket, Key = place.Key };
            return S3Pin.Of(place, await s3.Client.GetObjectMetadataAsync(request, cancellationToken));
        }
        catch (Exception exception) when (AwsErrorClassifier.IsFault(exception, cancellationToken))
        {
            return
                AwsErrorClassifier.IsTransient(exception)
                || AwsErrorClassifier.Of(exception) == AwsErrorKind.Credentials
                ? throw Explain(place, exception)
                : await WhyNotAsync(place, cancellationToken);
        }
    }

    /// <summary>An answer to HEAD has no body that says why: a missing key and a missing bucket look the same.</summary>
    private async Task<S3Pin?> WhyNotAsync(S3Address place, CancellationToken cancellationToken)
    {
        try
        {
            var request = new GetObjectRequest { BucketName = place.Bucket, Key = place.Key };
            using var arrived = await s3.Client.GetObjectAsync(request, cancellationToken);
            return null;
        }
        catch (Exception exception) when (AwsErrorClassifier.IsFault(exception, cancellationToken))
        {
            return AwsErrorClassifier.Of(exception) == AwsErrorKind.Missing ? null : throw Explain(place, exception);
        }
    }

    private static EtlException ExplainRead(SourceFile file, Exception exception) =>
        AwsErrorClassifier.Of(exception) switch
        {
            AwsErrorKind.NotAsExpected => SourceErrors.Changed(file, "it was replaced since"),
            AwsErrorKind.Missing => SourceErrors.Changed(file, "it is gone"),
            _ => Explain(S3Address.Parse(file.Uri), exception),
        };

    private static EtlException Explain(S3Address place, Exception exception) =>
        S3Errors.Explain(
            AwsErrorClassifier.Of(exception) == AwsErrorKind.NoBucket
                ? ErrorCode.SourceMissing
                : ErrorCode.SourceUnreadable,
            place,
            Permissions,
            Setting,
            exception
        );
}
