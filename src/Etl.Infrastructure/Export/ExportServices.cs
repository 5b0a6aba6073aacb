using Etl.Application.Errors;
using Etl.Application.Export;
using Etl.Application.Operations;
using Etl.Infrastructure.Aws;
using Etl.Infrastructure.Export.Lake;
using Etl.Infrastructure.FileSystem;
using Etl.Infrastructure.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Etl.Infrastructure.Export;

/// <summary>Registers the reader of the published tables, and the lake with its health checks.</summary>
internal static class ExportServices
{
    public static IServiceCollection AddExport(this IServiceCollection services, IConfiguration etl) =>
        services
            .AddSettings<LakeOptions>(etl, "Lake")
            .AddSingleton(p => new ExportFormats([
                .. p.GetRequiredService<IOptions<LakeOptions>>().Value.Formats ?? [],
            ]))
            .AddSingleton<IAnalyticsReader, AnalyticsReader>()
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
            ))
            .AddSingleton<IHealthCheck>(p => new LakeTrial(
                p.GetRequiredService<IOptions<LakeOptions>>(),
                p.GetRequiredService<S3Access>()
            ))
            .AddSingleton<IHealthCheck>(p => new DiskHealth(() =>
                FoldersOf(p.GetRequiredService<IOptions<LakeOptions>>().Value)
            ));

    internal static IDataLake Open(LakeOptions options, S3Access s3, TimeProvider clock) =>
        string.IsNullOrWhiteSpace(options.Uri)
            ? throw new EtlException(
                ErrorCode.Configuration,
                "No lake is set.",
                "Set the folder or bucket of the exports with --lake or Etl:Lake:Uri."
            )
        : S3Address.IsS3(options.Uri) ? new S3Lake(S3Address.Parse(options.Uri), s3, clock)
        : new FolderLake(FolderUri.PathOf(options.Uri));

    private static IEnumerable<string> FoldersOf(LakeOptions lake) =>
        string.IsNullOrWhiteSpace(lake.Uri) || S3Address.IsS3(lake.Uri) ? [] : [FolderUri.PathOf(lake.Uri)];
}
