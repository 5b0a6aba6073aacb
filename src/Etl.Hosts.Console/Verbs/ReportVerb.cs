using System.CommandLine;
using Etl.Application.Errors;
using Etl.Application.Notify;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Hosting;
using Etl.Hosts.Console.Output;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Etl.Hosts.Console.Verbs;

/// <summary><c>etl report</c>: the page of a run.</summary>
internal static class ReportVerb
{
    private static readonly Option<RunId?> Run = CommonOptions.Run("The run; the newest by default.");

    private static readonly Option<string> Out = new("--out")
    {
        Description = "Make the page anew, from what the ledger and the analytics hold now, in this file.",
        HelpName = "FILE",
    };

    private static readonly Option<bool> Open = new("--open") { Description = "Show it in the browser." };

    public static Command Create(Terminal terminal)
    {
        var verb = new Verb(
            "report",
            "Says where the HTML report of a run is, or makes it: figures, charts, rowCounts, tests, steps, files, history.",
            "etl report --open",
            "etl report --run 20250630-001 --out report.html"
        )
        {
            Run,
            Out,
            Open,
            CommonOptions.Lake,
            CommonOptions.Connection,
            CommonOptions.Json,
        };
        verb.SetAction((parsed, token) => RunAsync(parsed, terminal, token));
        return verb;
    }

    private static async Task<int> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellationToken)
    {
        using var host = EtlHost.Build(parsed, terminal);
        await Destination.EnsureAsync(host, terminal, cancellationToken);
        var history = await FindAsync(host, parsed.GetValue(Run), cancellationToken);
        var uri = await LocateAsync(host, parsed, history, cancellationToken);
        if (parsed.GetValue(CommonOptions.Json))
        {
            var document = new ReportDocument("succeeded", 0, history.Run.RunId, uri, Error: null);
            JsonOutput.Write(terminal, document, OutputJson.Default.ReportDocument);
        }
        else
        {
            terminal.Out.WriteLine($"report of run {history.Run.RunId}: {uri}");
        }

        if (parsed.GetValue(Open))
        {
            await Browser.ShowAsync(await LocalAsync(host, history, uri, cancellationToken), cancellationToken);
        }

        return 0;
    }

    private static async Task<RunHistory> FindAsync(IHost host, RunId? wanted, CancellationToken cancellationToken)
    {
        var ledger = host.Services.GetRequiredService<IRunHistory>();
        var found = wanted is { } run
            ? await ledger.FindAsync(run, cancellationToken)
            : (await ledger.ListAsync(1, cancellationToken)).SingleOrDefault();
        return found
            ?? throw new EtlException(
                ErrorCode.Usage,
                wanted is null ? "The ledger has no run yet." : $"The ledger knows no run {wanted}.",
                wanted is null ? "Run one first: etl run, or etl demo." : "See `etl runs` for the ids."
            );
    }

    /// <summary>A report that was written tells of its own time, so it is left as it is.</summary>
    private static async Task<string> LocateAsync(
        IHost host,
        ParseResult parsed,
        RunHistory history,
        CancellationToken cancellationToken
    )
    {
        if (parsed.GetValue(Out) is { } file)
        {
            return await RenderAsync(host, history, Path.GetFullPath(file), cancellationToken);
        }

        if (history.ReportUri is { } written)
        {
            return written;
        }

        Required.Settings(host, Required.Lake);
        var report = host.Services.GetRequiredService<IRunReport>();
        var uri = await report.WriteAsync(history.Run.Id, [], cancellationToken);
        await host.Services.GetRequiredService<IRunJournal>().RecordReportAsync(history.Run.Id, uri, cancellationToken);
        return uri;
    }

    /// <summary>A file that a browser of this machine can show; of a bucket's object, the page made anew.</summary>
    private static async Task<string> LocalAsync(
        IHost host,
        RunHistory history,
        string uri,
        CancellationToken cancellationToken
    ) =>
        new Uri(uri) is { IsFile: true, LocalPath: var path } && File.Exists(path)
            ? path
            : new Uri(await RenderAsync(host, history, PassingFile(history), cancellationToken)).LocalPath;

    private static string PassingFile(RunHistory history) =>
        Path.Combine(Directory.CreateTempSubdirectory("etl-report-").FullName, $"{history.Run.RunId}.html");

    private static async Task<string> RenderAsync(
        IHost host,
        RunHistory history,
        string path,
        CancellationToken cancellationToken
    )
    {
        using var page = new MemoryStream();
        await host.Services.GetRequiredService<IRunReport>().RenderAsync(history.Run.Id, page, cancellationToken);
        try
        {
            await File.WriteAllBytesAsync(path, page.ToArray(), cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new EtlException(
                ErrorCode.Usage,
                $"{path} cannot be written.",
                "Give a file with --out in a folder that is there and can be written.",
                cause: exception
            );
        }

        return new Uri(path).AbsoluteUri;
    }
}
