using System.CommandLine;
using Etl.Application.Errors;
using Etl.Application.Notify;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Hosting;
using Etl.Hosts.Console.Output;
using Microsoft.Extensions.Configuration;

namespace Etl.Hosts.Console.Verbs;

/// <summary><c>etl report</c>: the HTML report of a run.</summary>
internal sealed class ReportVerb(Terminal terminal)
    : HostVerb(
        terminal,
        "report",
        "Prints where the HTML report of a run is; creates the report if there is none.",
        [Run, Out, Open, CommonOptions.Lake, CommonOptions.Connection],
        "etl report --open",
        "etl report --run 20250630-001 --out report.html"
    )
{
    private static readonly Option<RunId?> Run = CommonOptions.Run("The run. Default: the newest.");

    private static readonly Option<string> Out = new("--out")
    {
        Description = "Create the report in this file, from what the ledger and the analytics tables contain now.",
        HelpName = "FILE",
    };

    private static readonly Option<bool> Open = new("--open") { Description = "Open the report in the browser." };

    protected override LocalDatabaseUse LocalDatabase => LocalDatabaseUse.IfCreated;

    protected override async Task<VerbResult> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var history = context.Value(Run) is { } run
            ? await RunsShowVerb.FindAsync(context, run, cancellationToken)
            : await NewestAsync(context, cancellationToken);
        var uri = await LocateAsync(context, history, cancellationToken);
        if (context.Value(Open))
        {
            await Browser.OpenAsync(await LocalFileAsync(context, history, uri, cancellationToken), cancellationToken);
        }

        return VerbResult.Of(
            new ReportDocument(history.Run.RunId, uri),
            terminal =>
            {
                var label = $"report of run {history.Run.RunId}: ";
                terminal.Out.WriteLine(label + Place.Show(terminal, uri, label.Length));
            }
        );
    }

    private static async Task<RunHistory> NewestAsync(VerbContext context, CancellationToken cancellationToken) =>
        (await context.Get<IRunHistory>().ListAsync(1, cancellationToken)).SingleOrDefault()
        ?? throw new EtlException(
            ErrorCode.Usage,
            "The ledger has no run yet.",
            "Run one first with `etl run` or `etl demo`."
        );

    /// <summary>An existing report describes the time of its run, so it is not replaced.</summary>
    private static async Task<string> LocateAsync(
        VerbContext context,
        RunHistory history,
        CancellationToken cancellationToken
    )
    {
        if (context.Value(Out) is { } file)
        {
            return await RenderAsync(context, history, Path.GetFullPath(file), cancellationToken);
        }

        if (history.ReportUri is { } existing)
        {
            return existing;
        }

        RequiredSetting.Check(context.Get<IConfiguration>(), [RequiredSetting.Lake]);
        var uri = await context.Get<IRunReport>().WriteAsync(history.Run.Id, [], cancellationToken);
        await context.Get<IRunJournal>().RecordReportAsync(history.Run.Id, uri, cancellationToken);
        return uri;
    }

    /// <summary>A file on this machine; for an object in a bucket, the report is rendered into a temporary file.</summary>
    private static async Task<string> LocalFileAsync(
        VerbContext context,
        RunHistory history,
        string uri,
        CancellationToken cancellationToken
    )
    {
        if (new Uri(uri) is { IsFile: true, LocalPath: var path } && File.Exists(path))
        {
            return path;
        }

        var folder = Directory.CreateTempSubdirectory("etl-report-").FullName;
        var file = Path.Combine(folder, $"{history.Run.RunId}.html");
        return new Uri(await RenderAsync(context, history, file, cancellationToken)).LocalPath;
    }

    private static async Task<string> RenderAsync(
        VerbContext context,
        RunHistory history,
        string path,
        CancellationToken cancellationToken
    )
    {
        using var page = new MemoryStream();
        await context.Get<IRunReport>().RenderAsync(history.Run.Id, page, cancellationToken);
        try
        {
            await File.WriteAllBytesAsync(path, page.ToArray(), cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new EtlException(
                ErrorCode.Usage,
                $"Could not write {path}.",
                "Give a file with --out in an existing, writable folder.",
                cause: exception
            );
        }

        return new Uri(path).AbsoluteUri;
    }
}
