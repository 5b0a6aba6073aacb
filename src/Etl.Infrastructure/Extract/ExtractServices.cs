using Etl.Application.Extract;
using Etl.Application.Operations;
using Etl.Infrastructure.Aws;
using Etl.Infrastructure.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Etl.Infrastructure.Extract;

/// <summary>Registers the source store and its health check.</summary>
internal static class ExtractServices
{
    public static IServiceCollection AddExtract(this IServiceCollection services, IConfiguration etl) =>
        services
            .AddSettings<SourceOptions>(etl, "Source")
            .AddSingleton(p =>
                Open(
                    p.GetRequiredService<IOptions<SourceOptions>>().Value,
                    p.GetRequiredService<S3Access>(),
                    p.GetRequiredService<TimeProvider>()
                )
            )
            .AddSingleton<IHealthCheck>(p => new SourceHealth(
                p.GetRequiredService<ISourceStore>,
                p.GetRequiredService<SnapshotFinder>
            ));

    internal static ISourceStore Open(SourceOptions options, S3Access s3, TimeProvider clock) =>
        options.Uri is { } uri && !string.IsNullOrWhiteSpace(uri)
            ? new LocatedSource(uri, new FolderSource(uri), new S3Source(uri, s3, clock))
            : new UnsetSource();
}
