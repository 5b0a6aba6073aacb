using Etl.Application.Errors;
using Etl.Application.Ports;
using Etl.Infrastructure.Folders;
using Etl.Infrastructure.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Etl.Infrastructure.Lake;

/// <summary>The lake, by its location's kind.</summary>
internal static class LakeServices
{
    public static IServiceCollection AddLake(this IServiceCollection services, IConfiguration etl) =>
        services
            .AddSettings<LakeOptions, LakeOptionsValidator>(etl, "Lake")
            .AddSingleton(p => Open(p.GetRequiredService<IOptions<LakeOptions>>().Value));

    internal static IDataLake Open(LakeOptions options) =>
        string.IsNullOrWhiteSpace(options.Uri)
            ? throw Fault("No lake is set.", "Name the folder of the exports with --lake or Etl:Lake:Uri.")
        : FolderUri.IsBucket(options.Uri)
            ? throw Fault($"This version writes lakes in folders only: {options.Uri}", "Set Etl:Lake:Uri to a folder.")
        : new FolderLake(FolderUri.PathOf(options.Uri));

    private static EtlException Fault(string message, string nextStep) =>
        new(ErrorCode.Configuration, message, nextStep);
}
