using System.CommandLine;
using Etl.Application.Runs;
using Etl.Application.Stage;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Hosting;
using Etl.Hosts.Console.Output;
using Etl.Infrastructure.Aws;

namespace Etl.Hosts.Console.Verbs;

/// <summary><c>etl quarantine list</c>: which rows were rejected, where they are in the file, and why.</summary>
internal sealed class QuarantineListVerb(Terminal terminal)
    : HostVerb(
        terminal,
        "list",
        "Lists the rejected rows of a run: file, line, column, code and message.",
        [Run, DatasetName, Code, Limit, CommonOptions.Connection],
        "etl quarantine list --dataset orders --code bad_date"
    )
{
    private static readonly Option<RunId?> Run = CommonOptions.Run(
        "The run. Default: the last run with rejected rows."
    );

    private static readonly Option<string> DatasetName = QuarantineVerbs.DatasetOption<string>(
        "Only rows of this dataset."
    );

    private static readonly Option<string> Code = CreateCode();

    private static readonly Option<int?> Limit = CommonOptions.MaxCount(
        "--limit",
        "The maximum number of stored rows, in file order",
        byDefault: 50
    );

    protected override LocalDatabaseUse LocalDatabase => LocalDatabaseUse.IfCreated;

    protected override async Task<VerbResult> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var quarantine = context.Get<IQuarantine>();
        if (context.Value(DatasetName) is { } name)
        {
            QuarantineVerbs.DatasetOf(context, name);
        }

        var run = context.Value(Run) ?? await quarantine.FindLastAsync(cancellationToken);
        IReadOnlyList<RejectCount> counts = [];
        var rows = new List<QuarantinedRow>();
        if (run is { } id)
        {
            await RunsShowVerb.FindAsync(context, id, cancellationToken);
            var dataset = context.Value(DatasetName);
            var code = context.Value(Code) is { } text ? RejectCodes.Parse(text) : (RejectCode?)null;
            var all = await quarantine.CountAsync(id, cancellationToken);
            counts = [.. all.Where(c => c.Dataset == (dataset ?? c.Dataset) && c.Code == (code ?? c.Code))];
            var stored = quarantine.ReadAsync(id, new QuarantineFilter(dataset, code), cancellationToken);
            await foreach (var row in context.Value(Limit) is > 0 and var limit ? stored.Take(limit) : stored)
            {
                rows.Add(row);
            }
        }

        return VerbResult.Of(
            new QuarantineDocument(
                run?.ToString(),
                [.. counts.Select(RejectCountDocument.Of)],
                [.. rows.Select(QuarantinedRowDocument.Of)]
            ),
            terminal => Write(terminal, run, counts, rows)
        );
    }

    private static void Write(
        Terminal terminal,
        RunId? run,
        IReadOnlyList<RejectCount> counts,
        List<QuarantinedRow> rows
    )
    {
        if (counts.Count == 0)
        {
            terminal.Out.WriteLine(
                run is null ? "No run has rejected rows." : $"Run {run} has no rejected rows of this kind."
            );
            return;
        }

        terminal.Out.WriteLine($"Run {run}:");
        Tables.Write(
            terminal,
            ["dataset", "code", "#rows"],
            counts.Select(c => (string[])[c.Dataset, c.Code.Text(), Tables.Count(c.Rows)])
        );
        Tables.WriteSection(
            terminal,
            ["file", "#line", "column", "code", "message"],
            rows.Select(r =>
                (string[])
                    [
                        r.File,
                        r.Row.Line == 0 ? "" : Tables.Count(r.Row.Line),
                        r.Row.Column ?? "",
                        r.Row.Code.Text(),
                        r.Row.Message,
                    ]
            )
        );
        var total = counts.Sum(c => c.Rows);
        if (total > rows.Count)
        {
            terminal.Out.WriteLine(
                $"{Tables.Count(rows.Count)} of {Tables.Count(total, "row")}; --limit 0 lists all that are stored."
            );
        }
    }

    private static Option<string> CreateCode()
    {
        var option = new Option<string>("--code")
        {
            Description = "Only rows rejected with this code.",
            HelpName = "CODE",
        };
        option.AcceptOnlyFromAmong([.. RejectCodes.All.Select(c => c.Text())]);
        return option;
    }
}
