using System.CommandLine;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Analytics;
using Etl.Domain.Lake;
using Etl.Domain.Runs;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Hosting;
using Etl.Hosts.Console.LocalPostgres;
using Etl.Hosts.Console.Output;
using Etl.Hosts.Console.Samples;
using Etl.Infrastructure.Postgres;

namespace Etl.Hosts.Console.Verbs;

/// <summary><c>etl demo</c>: the whole pipeline once, without configuration.</summary>
internal sealed class DemoVerb(Terminal terminal)
    : PipelineVerb(
        terminal,
        "demo",
        "Creates sample data, starts the local PostgreSQL, runs the pipeline and prints where the results are.",
        [Folder, CommonOptions.Connection],
        "etl demo"
    )
{
    /// <summary>Gives the quarantine some rows.</summary>
    private const decimal DirtyPercent = 0.1m;

    private static readonly Option<string> Folder = new("--out")
    {
        Description = "The folder for the files of the demo.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "etl-demo",
    };

    protected override VerbSettings SettingsOf(ParseResult parsed) => new(DemoFolders.Of(parsed, Folder).Settings);

    protected override async Task<RunSummary> SummarizeAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var folders = DemoFolders.Of(context.Parsed, Folder);
        var sample = new SampleOptions(folders.Source, DirtyPercent: DirtyPercent);
        var datasets = context.Get<DatasetCatalog>();
        await SampleVerb.WriteAsync(sample, datasets, context.Progress, cancellationToken);
        var request = new RunRequest(new BusinessDate(sample.Day));
        var summary = await RunAsync(context, request, cancellationToken);
        // The date can be done already, with its exports in another folder.
        return summary.Status == SummaryStatus.AlreadyDone && !folders.HoldExportOf(summary)
            ? await RunAsync(context, request with { Force = true }, cancellationToken)
            : summary;
    }

    protected override async Task<VerbResult> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var summary = await SummarizeAsync(context, cancellationToken);
        var result = await ResultAsync(context, summary);
        if (result.ExitCode != 0)
        {
            return result;
        }

        var folders = DemoFolders.Of(context.Parsed, Folder);
        var database = LocalPostgres.LocalDatabase.Url(context.OptionsOf<LocalPostgresOptions>());
        var places = folders
            .Places(context.Get<DatasetCatalog>(), context.Get<MartCatalog>(), context.OptionsOf<SchemaOptions>())
            .ToList();
        string[] commands =
        [
            "report --open",
            $"runs show {summary.RunId}",
            $"check --source {Path.GetRelativePath(Directory.GetCurrentDirectory(), folders.Source)}",
            "run --help",
            "db stop",
        ];
        return result with
        {
            WriteText = terminal =>
            {
                result.WriteText(terminal);
                DemoText.Write(terminal, [.. places, ["database", database ?? "as configured"]], commands);
            },
        };
    }
}

/// <summary>The folders of the demo.</summary>
internal sealed record DemoFolders(string Root)
{
    private const int MartsPerLine = 3;

    public static DemoFolders Of(ParseResult parsed, Option<string> root) =>
        new(Path.GetFullPath(parsed.GetRequiredValue(root)));

    public string Source => Path.Combine(Root, "source");

    private string Lake => Path.Combine(Root, "lake");

    public IReadOnlyDictionary<string, string?> Settings =>
        new Dictionary<string, string?> { ["Etl:Source:Uri"] = Source, ["Etl:Lake:Uri"] = Lake };

    /// <summary>Where the results are, in rows of two cells.</summary>
    public IEnumerable<string[]> Places(DatasetCatalog datasets, MartCatalog marts, SchemaOptions schemas) =>
        [
            ["source files", Source],
            ["staging", string.Join(", ", datasets.All.Select(d => schemas.StagingTable(d.Name)))],
            .. marts
                .All.Select(m => schemas.AnalyticsTable(m.Name))
                .Chunk(MartsPerLine)
                .Select((names, i) => (string[])[i == 0 ? "analytics" : "", string.Join(", ", names)]),
            ["quarantine", "etl.quarantine"],
            ["exports", Path.GetDirectoryName(InLake(ExportKey.LatestManifest))!],
            ["report", InLake(ExportKey.LatestReport)],
            ["mail", Path.Combine(Lake, "mail")],
        ];

    public bool HoldExportOf(RunSummary summary) =>
        RunId.TryParse(summary.RunId, out var run) && File.Exists(InLake(ExportKey.ManifestOfRun(run)));

    private string InLake(string key) => Path.Combine([Lake, .. key.Split('/')]);
}
