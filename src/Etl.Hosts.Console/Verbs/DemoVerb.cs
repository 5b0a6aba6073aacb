using System.CommandLine;
using Etl.Application;
using Etl.Application.Runs;
using Etl.Domain.Lake;
using Etl.Domain.Runs;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Hosting;
using Etl.Hosts.Console.Output;
using Etl.Hosts.Console.Samples;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Etl.Hosts.Console.Verbs;

/// <summary><c>etl demo</c>: everything once, with nothing configured.</summary>
internal static class DemoVerb
{
    /// <summary>A few bad rows, so that there is something in quarantine to look at.</summary>
    private const decimal Dirty = 0.1m;

    private static readonly Option<string> Folder = new("--out")
    {
        Description = "The folder for its files.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "etl-demo",
    };

    public static Command Create(Terminal terminal)
    {
        var verb = new Verb(
            "demo",
            "Makes sample data, starts the private PostgreSQL, runs the pipeline, and says where everything is.",
            "etl demo"
        )
        {
            Folder,
            CommonOptions.Connection,
            CommonOptions.Json,
        };
        verb.SetAction((parsed, token) => RunAsync(parsed, terminal, token));
        return verb;
    }

    private static async Task<int> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellationToken)
    {
        var folders = new DemoFolders(Path.GetFullPath(parsed.GetRequiredValue(Folder)));
        using var host = EtlHost.Build(parsed, terminal, folders.Settings);
        var sample = new SampleOptions(folders.Source, DirtyPercent: Dirty);
        terminal.Note($"Making sample data in {folders.Source}.");
        SampleWriter.Write(sample, cancellationToken);
        await Destination.EnsureAsync(host, terminal, cancellationToken);
        var summary = await RunOnceAsync(host, new BusinessDate(sample.Day), folders, cancellationToken);
        var json = parsed.GetValue(CommonOptions.Json);
        var code = await RunVerb.ReportAsync(host, summary, terminal, json);
        if (code == 0 && !json)
        {
            DemoText.Write(terminal, host, folders, summary);
        }

        return code;
    }

    /// <summary>Once; but where the day is done and its exports are elsewhere, once more, into this folder.</summary>
    private static async Task<RunSummary> RunOnceAsync(
        IHost host,
        BusinessDate day,
        DemoFolders folders,
        CancellationToken cancellationToken
    )
    {
        var pipeline = host.Services.GetRequiredService<EtlPipeline>();
        var summary = await pipeline.RunAsync(new RunRequest(day), cancellationToken);
        var elsewhere = summary.Status == SummaryStatus.AlreadyDone && !folders.HoldExportOf(summary);
        return elsewhere ? await pipeline.RunAsync(new RunRequest(day, Force: true), cancellationToken) : summary;
    }
}

/// <summary>Where the demo keeps its files.</summary>
internal sealed record DemoFolders(string Root)
{
    public string Source => Path.Combine(Root, "source");

    public string Lake => Path.Combine(Root, "lake");

    public string Mail => Path.Combine(Root, "mail");

    /// <summary>What a person configures for a run, here by default.</summary>
    public IReadOnlyDictionary<string, string?> Settings =>
        new Dictionary<string, string?>
        {
            ["Etl:Source:Uri"] = Source,
            ["Etl:Lake:Uri"] = Lake,
            ["Etl:Notify:Directory"] = Mail,
        };

    public bool HoldExportOf(RunSummary summary) =>
        RunId.TryParse(summary.RunId, out var run)
        && File.Exists(Path.Combine(Lake, Path.Combine(ExportKey.ManifestOfRun(run).Split('/'))));
}
