using Amazon.S3;
using Etl.Application.Errors;
using Microsoft.Extensions.Options;

namespace Etl.Infrastructure.Aws;

/// <summary>
/// The one S3 client of a process, made when a bucket is first asked for. It is kept as what is disposed of, as a field or a
/// delegate of its own type would load the SDK in a run on folders too.
/// </summary>
internal sealed class S3Access : IDisposable
{
    private static readonly TimeSpan LongestConnect = TimeSpan.FromSeconds(10);

    private readonly Lazy<IDisposable> client;

    public S3Access(IOptions<S3Options> options)
        : this(options.Value, Make) { }

    internal S3Access(S3Options options, Func<S3Options, IDisposable> make)
    {
        Options = options;
        client = new Lazy<IDisposable>(() => make(options));
    }

    /// <exception cref="EtlException">The region is not known.</exception>
    public IAmazonS3 Client => (IAmazonS3)client.Value;

    public S3Options Options { get; }

    public TimeSpan Timeout => TimeSpan.FromSeconds(Options.TimeoutSeconds);

    public void Dispose()
    {
        if (client.IsValueCreated)
        {
            client.Value.Dispose();
        }
    }

    internal static AmazonS3Config Configure(S3Options options)
    {
        var timeout = TimeSpan.FromSeconds(options.TimeoutSeconds);
        return new AmazonS3Config
        {
            ForcePathStyle = options.ForcePathStyle,
            Timeout = timeout,
            ConnectTimeout = timeout < LongestConnect ? timeout : LongestConnect,
        };
    }

    private static AmazonS3Client Make(S3Options options)
    {
        var config = Configure(options);
        return config.RegionEndpoint is null && config.ServiceURL is null
            ? throw new EtlException(
                ErrorCode.Configuration,
                "The AWS region of the buckets is not known.",
                "Set AWS_REGION."
            )
            : new AmazonS3Client(config);
    }
}
