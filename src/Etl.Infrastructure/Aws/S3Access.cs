using Amazon.S3;
using Etl.Application.Errors;
using Microsoft.Extensions.Options;

namespace Etl.Infrastructure.Aws;

/// <summary>
/// The process's only S3 client, created on first use. The field's type is IDisposable because a field or delegate with
/// a type of the SDK would load the SDK's assemblies in runs that use folders only.
/// </summary>
internal sealed class S3Access : IDisposable
{
    private static readonly TimeSpan MaxConnectTimeout = TimeSpan.FromSeconds(10);

    private readonly Lazy<IDisposable> client;

    public S3Access(IOptions<S3Options> options)
        : this(options.Value, CreateClient) { }

    internal S3Access(S3Options options, Func<S3Options, IDisposable> create)
    {
        Options = options;
        client = new Lazy<IDisposable>(() => create(options));
    }

    /// <exception cref="EtlException">The region is unknown.</exception>
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
            ConnectTimeout = timeout < MaxConnectTimeout ? timeout : MaxConnectTimeout,
        };
    }

    private static AmazonS3Client CreateClient(S3Options options)
    {
        var config = Configure(options);
        return config.RegionEndpoint is null && config.ServiceURL is null
            ? throw new EtlException(
                ErrorCode.Configuration,
                "The AWS region of the buckets is unknown.",
                "Set AWS_REGION."
            )
            : new AmazonS3Client(config);
    }
}
