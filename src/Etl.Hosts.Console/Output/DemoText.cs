using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Analytics;
using Etl.Domain.Lake;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Hosting;
using Etl.Hosts.Console.LocalPostgres;
using Etl.Hosts.Console.Verbs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Etl.Hosts.Console.Output;

/// <summary>What the demo leaves behind, and what to type next.</summary>
internal static class DemoText
{
    public static void Write(Terminal terminal, IHost host, DemoFolders folders, RunSummary summary)
    {
        var datasets = host.Services.GetRequiredService<DatasetCatalog>();
        var marts = host.Services.GetRequiredService<MartCatalog>();
        terminal.Out.WriteLine();
        Tables.Write(
            terminal,
            ["what", "where"],
            [
                ["source files", folders.Source],
                ["staging", string.Join(", ", datasets.All.Select(d => $"staging.{d.Name}"))],
                ["analytics", string.Join(", ", marts.All.Take(3).Select(t => $"analytics.{t.Name}"))],
                ["", string.Join(", ", marts.All.Skip(3).Select(t => $"analytics.{t.Name}"))],
                ["quarantine", "etl.quarantine"],
                ["exports", Path.GetDirectoryName(Path.Combine(folders.Lake, ExportKey.LatestManifest))!],
                ["report", Path.Combine(folders.Lake, Path.Combine(ExportKey.LatestReport.Split('/')))],
                ["mail", folders.Mail],
                ["database", LocalDatabase.Url(Destination.Private(host)) ?? "the configured one"],
            ]
        );
        terminal.Out.WriteLine();
        terminal.Out.WriteLine("Next, type:");
        foreach (var line in Next(summary))
        {
            terminal.Out.WriteLine($"  {Program} {line}");
        }
    }

    private static string[] Next(RunSummary summary) =>
        ["report --open", $"runs show {summary.RunId}", "check --source etl-demo/source", "run --help", "db stop"];

    /// <summary>From a checkout the program has no name of its own yet.</summary>
    private static string Program =>
        AppContext.BaseDirectory.Contains(
            $"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}",
            StringComparison.Ordinal
        )
            ? "dotnet run --project src/Etl.Hosts.Console --"
            : "etl";
}
