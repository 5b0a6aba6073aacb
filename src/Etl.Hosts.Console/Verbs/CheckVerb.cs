using System.CommandLine;
using Etl.Application.Errors;
using Etl.Application.Operations;
using Etl.Application.Runs;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Hosting;
using Etl.Hosts.Console.Output;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Etl.Hosts.Console.Verbs;

/// <summary><c>etl check</c>: reads and judges the files as a run does, without a database.</summary>
internal static class CheckVerb
{
    private static readonly Option<DateOnly?> Date = CommonOptions.Day(
        "--date",
        "The business date, for a source with {date} in it; today unless given."
    );

    public static Command Create(Terminal terminal)
    {
        var verb = new Verb(
            "check",
            "Reads and checks the source files and writes nothing; prints the counts and the first rejected rows.",
            "etl check --source ./sample"
        )
        {
            CommonOptions.Source,
            Date,
            CommonOptions.Json,
        };
        verb.SetAction((parsed, token) => RunAsync(parsed, terminal, token));
        return verb;
    }

    private static async Task<int> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellationToken)
    {
        using var host = EtlHost.Build(parsed, terminal);
        Required.Settings(host, Required.Source);
        var day = BusinessDay.Of(host, parsed.GetValue(Date));
        var summary = await host.Services.GetRequiredService<SourceCheck>().CheckAsync(day, cancellationToken);
        host.EndProgress();
        if (parsed.GetValue(CommonOptions.Json))
        {
            JsonOutput.Write(terminal, CheckDocument.Of(day, summary), OutputJson.Default.CheckDocument);
        }
        else
        {
            Write(terminal, summary);
        }

        if (summary.Error is { } error)
        {
            ErrorOutput.Write(terminal, error);
        }

        return summary.Error?.Code.ExitCode() ?? 0;
    }

    private static void Write(Terminal terminal, CheckSummary summary)
    {
        Tables.Write(
            terminal,
            ["file", "#read", "#good", "#rejected", "#percent"],
            [
                .. summary.Files.Select(f =>
                    (string[])
                        [
                            f.File!.FileName,
                            Tables.Count(f.RowCounts.Read),
                            Tables.Count(f.RowCounts.Loaded),
                            Tables.Count(f.RowCounts.Rejected),
                            f.RowCounts.RejectedPercent.ToString(
                                "0.##",
                                System.Globalization.CultureInfo.InvariantCulture
                            ),
                        ]
                ),
            ]
        );
        foreach (var file in summary.Files)
        {
            foreach (var row in file.FirstRejects)
            {
                var place = row.Column is null ? $"{row.Line}" : $"{row.Line}:{row.Column}";
                terminal.Out.WriteLine($"{file.File!.FileName}:{place}: {row.Code.Text()}: {row.Message}");
            }
        }

        foreach (var warning in summary.Warnings)
        {
            SummaryText.Remark(terminal, warning);
        }
    }
}
