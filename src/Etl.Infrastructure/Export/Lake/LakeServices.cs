using Etl.Application.Errors;
using Etl.Application.Export;
using Etl.Application.Operations;
using Etl.Infrastructure.Aws;
using Etl.Infrastructure.FileSystem;
using Etl.Infrastructure.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Etl.Infrastructure.Export.Lake;

/// <summary>The lake, by its location's kind.</summary>
internal static class LakeServices
{
    public static IServiceCollection AddLake(this IServiceCollection services, IConfiguration etl) =>
        services
            .AddSettings<LakeOptions, LakeOptionsValidator>(etl, "Lake")
            .AddSingleton(p =>
                Open(
                    p.GetRequiredService<IOptions<LakeOptions>>().Value,
                    p.GetRequiredService<S3Access>(),
                    p.GetRequiredService<TimeProvider>()
                )
            )
            .AddSingleton<IHealthCheck>(p => new LakeHealth(
                p.GetRequiredService<IDataLake>,
                p.GetRequiredService<IOptions<LakeOptions>>(),
                p.GetRequiredService<S3Access>()
            ));

    internal static IDataLake Open(LakeOptions options, S3Access s3, TimeProvider clock) =>
        string.IsNullOrWhiteSpace(options.Uri)
            ? throw new EtlException(
                ErrorCode.Configuration,
                "No lake is set.",
                "Name the folder or the bucket of the exports with --lake or Etl:Lake:Uri."
            )
        : S3Address.IsOne(options.Uri) ? new S3Lake(S3Address.Parse(options.Uri), s3, clock)
        : new FolderLake(FolderUri.PathOf(options.Uri));
}
