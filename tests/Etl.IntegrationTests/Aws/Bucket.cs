using System.Globalization;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Etl.Infrastructure.Aws;
using Etl.Infrastructure.Export.Lake;
using Etl.Infrastructure.Extract;
using Etl.TestKit;

namespace Etl.IntegrationTests.Aws;

/// <summary>A bucket for one test, and adapters that access it directly or through a proxy.</summary>
internal sealed class Bucket : IAsyncDisposable
{
    private static int count;
    private readonly List<IDisposable> made = [];

    private Bucket(Uri moto, string name)
    {
        (Moto, Name) = (moto, name);
        Client = ClientOf(moto, new S3Options { ForcePathStyle = true });
    }

    public Uri Moto { get; }

    public string Name { get; }

    public AmazonS3Client Client { get; }

    /// <summary>Timeout of the adapters in seconds; short because tests provoke timeouts.</summary>
    public int Timeout { get; set; } = 2;

    /// <summary>KMS key of the adapters, or null.</summary>
    public string? KmsKeyId { get; set; }

    public static async Task<Bucket> CreateAsync(MotoServer server, bool versioned = true)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"bucket-{Interlocked.Increment(ref count)}");
        var bucket = new Bucket(await server.EndpointAsync(), name);
        await bucket.Client.PutBucketAsync(bucket.Name);
        if (versioned)
        {
            await bucket.KeepVersionsAsync();
        }

        return bucket;
    }

    public Task KeepVersionsAsync() =>
        Client.PutBucketVersioningAsync(
            new PutBucketVersioningRequest
            {
                BucketName = Name,
                VersioningConfig = new S3BucketVersioningConfig { Status = VersionStatus.Enabled },
            }
        );

    /// <summary>A bucket that another process created.</summary>
    public static Bucket Of(Uri moto, string name) => new(moto, name);

    public S3Source Source(Uri? endpoint = null, string? location = null) =>
        new(location ?? $"s3://{Name}/in", Access(endpoint), TimeProvider.System);

    public S3Lake Lake(Uri? endpoint = null, string? name = null) =>
        new(S3Address.Parse($"s3://{name ?? Name}/lake"), Access(endpoint), TimeProvider.System);

    public async Task PutAsync(string key, byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        await Client.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = Name,
                Key = key,
                InputStream = stream,
            }
        );
    }

    public async Task<byte[]> GetAsync(string key)
    {
        using var answer = await Client.GetObjectAsync(Name, key);
        using var bytes = new MemoryStream();
        await answer.ResponseStream.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    public async Task<List<string>> KeysAsync(string prefix = "")
    {
        var answer = await Client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Name, Prefix = prefix });
        return [.. (answer.S3Objects ?? []).Select(o => o.Key)];
    }

    public ValueTask DisposeAsync()
    {
        made.ForEach(m => m.Dispose());
        Client.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The access of adapters, directly or through a proxy.</summary>
    public S3Access Access(Uri? endpoint = null)
    {
        var options = new S3Options
        {
            ForcePathStyle = true,
            TimeoutSeconds = Timeout,
            KmsKeyId = KmsKeyId,
        };
        var access = new S3Access(options, o => ClientOf(endpoint ?? Moto, o));
        made.Add(access);
        return access;
    }

    private static AmazonS3Client ClientOf(Uri endpoint, S3Options options)
    {
        var config = S3Access.Configure(options);
        config.ServiceURL = endpoint.AbsoluteUri;
        config.AuthenticationRegion = "us-east-1";
        return new AmazonS3Client(new BasicAWSCredentials("test", "test"), config);
    }
}
