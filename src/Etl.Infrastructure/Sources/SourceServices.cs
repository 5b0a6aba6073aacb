using Etl.Application.Errors;
using Etl.Application.Ports;
using Etl.Infrastructure.Folders;
using Etl.Infrastructure.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Etl.Infrastructure.Sources;

/// <summary>The source, by its location's kind.</summary>
internal static class SourceServices
{
    public static IServiceCollection AddSources(this IServiceCollection services, IConfiguration etl) =>
        services
            .AddSettings<SourceOptions, SourceOptionsValidator>(etl, "Source")
            .AddSingleton(p => Open(p.GetRequiredService<IOptions<SourceOptions>>().Value));

    internal static ISourceStore Open(SourceOptions options) =>
        string.IsNullOrWhiteSpace(options.Uri)
            ? throw Fault("No source is set.", "Name the folder of the snapshots with --source or Etl:Source:Uri.")
        : FolderUri.IsBucket(options.Uri)
            ? throw Fault(
                $"This version reads sources from folders only: {options.Uri}",
                "Set Etl:Source:Uri to a folder."
            )
        : new FolderSource(options.Uri);

    private static EtlException Fault(string message, string nextStep) =>
        new(ErrorCode.Configuration, message, nextStep);
}
