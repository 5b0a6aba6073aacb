using System.CommandLine;
using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Hosting;
using Etl.Hosts.Console.Output;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Etl.Hosts.Console.Verbs;

/// <summary><c>etl runs</c> and <c>etl runs show</c>: what the ledger knows.</summary>
internal static class RunsVerb
{
    private static readonly Option<int> Last = new("--last")
    {
        Description = "How many runs, the newest first.",
        HelpName = "N",
        DefaultValueFactory = _ => 20,
    };

    private static readonly Argument<string> Id = new("ID") { Description = "The run, as 20250630-001." };

    public static Command Create(Terminal terminal)
    {
        var show = new Verb("show", "One run: its steps, files, data tests and exports.", "etl runs show 20250630-001")
        {
            Id,
            CommonOptions.Connection,
            CommonOptions.Json,
        };
        show.SetAction((parsed, token) => ShowAsync(parsed, terminal, token));
        var verb = new Verb("runs", "Lists the last runs; `runs show ID` tells all of one.", "etl runs --last 7")
        {
            show,
            RunsCostVerb.Create(terminal),
            Last,
            CommonOptions.Connection,
            CommonOptions.Json,
        };
        verb.SetAction((parsed, token) => ListAsync(parsed, terminal, token));
        return verb;
    }

    private static async Task<int> ListAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellationToken)
    {
        using var host = EtlHost.Build(parsed, terminal);
        await Destination.EnsureAsync(host, terminal, cancellationToken);
        var ledger = host.Services.GetRequiredService<IRunHistory>();
        var runs = await ledger.ListAsync(Math.Max(1, parsed.GetValue(Last)), cancellationToken);
        if (parsed.GetValue(CommonOptions.Json))
        {
            var document = new RunsDocument("succeeded", 0, [.. runs.Select(RunDocument.Of)], Error: null);
            JsonOutput.Write(terminal, document, OutputJson.Default.RunsDocument);
        }
        else if (runs.Count == 0)
        {
            terminal.Out.WriteLine("The ledger has no run yet.");
        }
        else
        {
            Tables.Write(
                terminal,
                ["run", "status", "started, UTC", "#seconds", "#loaded", "#rejected"],
                [.. runs.Select(Row)]
            );
        }

        return 0;
    }

    private static string[] Row(RunHistory history)
    {
        var run = history.Run;
        return
        [
            run.RunId,
            StatusOf(run),
            HistoryText.Moment(run.StartedAt)[..^3], // to the minute
            run.FinishedAt is { } end ? HistoryText.Seconds(end - run.StartedAt) : "",
            Tables.Count(history.Files.Sum(f => f.Loaded)),
            Tables.Count(history.Files.Sum(f => f.Rejected)),
        ];
    }

    /// <summary>One column for how a run ended and why: a line of the list has 80 characters.</summary>
    private static string StatusOf(Run run)
    {
        var status = RunDocument.Snake(run.Status.ToString());
        return run.ErrorCode is null || run.ErrorCode == status ? status : $"{status}: {run.ErrorCode}";
    }

    private static async Task<int> ShowAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellationToken)
    {
        var text = parsed.GetRequiredValue(Id);
        if (!RunId.TryParse(text, out var id))
        {
            throw Unknown("The argument ID is not a run ID; run IDs look like 20250630-001.");
        }

        using var host = EtlHost.Build(parsed, terminal);
        await Destination.EnsureAsync(host, terminal, cancellationToken);
        var history =
            await host.Services.GetRequiredService<IRunHistory>().FindAsync(id, cancellationToken)
            ?? throw Unknown($"The ledger knows no run {id}.");
        if (parsed.GetValue(CommonOptions.Json))
        {
            JsonOutput.Write(terminal, RunDocument.Of(history), OutputJson.Default.RunDocument);
        }
        else
        {
            HistoryText.Write(terminal, history);
        }

        return 0;
    }

    private static EtlException Unknown(string message) => new(ErrorCode.Usage, message, "See `etl runs` for the ids.");
}
