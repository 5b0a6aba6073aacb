using System.CommandLine;
using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Application.Stage;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Hosting;
using Etl.Hosts.Console.Output;
using Microsoft.Extensions.DependencyInjection;

namespace Etl.Hosts.Console.Verbs;

/// <summary><c>etl quarantine list</c>: which rows were rejected, where they stood, and why.</summary>
internal static class QuarantineListVerb
{
    private static readonly Option<RunId?> Run = CommonOptions.Run(
        "The run; the last one with rejected rows unless given."
    );

    private static readonly Option<string> Dataset = QuarantineVerb.Dataset<string>("Only the rows of this dataset.");

    private static readonly Option<string> Code = CreateCode();

    private static readonly Option<int> Most = new("--most")
    {
        Description = "How many rows at most, in file order; 0 for all that are kept.",
        HelpName = "N",
        DefaultValueFactory = _ => 50,
    };

    public static Command Create(Terminal terminal)
    {
        var verb = new Verb(
            "list",
            "Lists the rejected rows of a run: line, column, code and message.",
            "etl quarantine list --dataset orders --code bad_date"
        )
        {
            Run,
            Dataset,
            Code,
            Most,
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
        var quarantine = host.Services.GetRequiredService<IQuarantine>();
        var dataset = parsed.GetValue(Dataset);
        var code = parsed.GetValue(Code) is { } text ? RejectCodes.Parse(text) : (RejectCode?)null;
        var run = parsed.GetValue(Run) ?? await quarantine.FindLastAsync(cancellationToken);
        IReadOnlyList<RejectCount> counts = [];
        var rows = new List<QuarantinedRow>();
        if (run is { } id)
        {
            await RequireKnownAsync(host.Services.GetRequiredService<IRunHistory>(), id, cancellationToken);
            counts = await quarantine.CountAsync(id, cancellationToken);
            counts =
            [
                .. counts.Where(c => dataset is null || c.Dataset == dataset).Where(c => c.Code == (code ?? c.Code)),
            ];
            var kept = quarantine.ReadAsync(id, dataset, code, cancellationToken);
            var most = parsed.GetValue(Most);
            await foreach (var row in most > 0 ? kept.Take(most) : kept)
            {
                rows.Add(row);
            }
        }

        Write(terminal, run, counts, rows, parsed.GetValue(CommonOptions.Json));
        return 0;
    }

    private static void Write(
        Terminal terminal,
        RunId? run,
        IReadOnlyList<RejectCount> counts,
        List<QuarantinedRow> rows,
        bool json
    )
    {
        if (json)
        {
            var document = QuarantineDocument.Of(run, counts, rows);
            JsonOutput.Write(terminal, document, OutputJson.Default.QuarantineDocument);
            return;
        }

        if (counts.Count == 0)
        {
            var where = run is null ? "No run" : $"Run {run}";
            terminal.Out.WriteLine($"{where} has no such rejected row.");
            return;
        }

        var codes = counts.Select(c => (string[])[c.Dataset, c.Code.Text(), Tables.Count(c.Rows)]);
        terminal.Out.WriteLine($"Run {run}:");
        Tables.Write(terminal, ["dataset", "code", "#rows"], [.. codes]);
        terminal.Out.WriteLine();
        Tables.Write(
            terminal,
            ["file", "#line", "column", "code", "message"],
            [
                .. rows.Select(r =>
                    (string[])[r.File, Tables.Count(r.Row.Line), r.Row.Column ?? "", r.Row.Code.Text(), r.Row.Message]
                ),
            ]
        );
        var total = counts.Sum(c => c.Rows);
        if (total > rows.Count)
        {
            terminal.Out.WriteLine(
                $"{Tables.Count(rows.Count)} of {Tables.Count(total)} rows; --most 0 lists all that are kept."
            );
        }
    }

    private static async Task RequireKnownAsync(IRunHistory runs, RunId run, CancellationToken cancellationToken)
    {
        if (await runs.FindAsync(run, cancellationToken) is null)
        {
            throw new EtlException(ErrorCode.Usage, $"The ledger knows no run {run}.", "See `etl runs` for the ids.");
        }
    }

    private static Option<string> CreateCode()
    {
        var option = new Option<string>("--code")
        {
            Description = "Only the rows rejected for this.",
            HelpName = "CODE",
        };
        option.AcceptOnlyFromAmong([.. RejectCodes.All.Select(c => c.Text())]);
        return option;
    }
}
