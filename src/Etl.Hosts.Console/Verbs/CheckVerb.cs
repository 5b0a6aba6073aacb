using System.Globalization;
using Etl.Application.Operations;
using Etl.Domain.Datasets;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Hosting;
using Etl.Hosts.Console.Output;

namespace Etl.Hosts.Console.Verbs;

/// <summary><c>etl check</c>: reads and validates the source files as a run does, without a database.</summary>
internal sealed class CheckVerb(Terminal terminal)
    : HostVerb(
        terminal,
        "check",
        "Reads and validates the source files without a database; prints row counts and the first rejected rows.",
        [CommonOptions.Source, CommonOptions.SourceDate],
        "etl check --source ./sample"
    )
{
    protected override IReadOnlyList<RequiredSetting> Required => [RequiredSetting.Source];

    protected override LocalDatabaseUse LocalDatabase => LocalDatabaseUse.None;

    protected override async Task<VerbResult> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var date = context.BusinessDate(context.Value(CommonOptions.SourceDate));
        var summary = await context.Get<SourceCheck>().CheckAsync(date, cancellationToken);
        var document = new CheckDocument(
            date.ToString(),
            [.. summary.Files.Select(CheckedFileDocument.Of)],
            [.. summary.Warnings.Select(w => w.Message)],
            context.Get<HealthCheckRunner>().Beyond(CheckDepth.Files)
        )
        {
            Failure = summary.Error,
        };
        return VerbResult.Of(document, terminal => Write(terminal, summary, document.NotExamined));
    }

    private static void Write(Terminal terminal, CheckSummary summary, IReadOnlyList<string> notExamined)
    {
        Tables.Write(
            terminal,
            ["file", "#read", "#accepted", "#rejected", "#percent"],
            summary.Files.Select(f =>
                (string[])
                    [
                        f.FileName,
                        Tables.Count(f.RowCounts.Read),
                        Tables.Count(f.RowCounts.Loaded),
                        Tables.Count(f.RowCounts.Rejected),
                        f.RowCounts.RejectedPercent.ToString("0.##", CultureInfo.InvariantCulture),
                    ]
            )
        );
        foreach (var file in summary.Files)
        {
            foreach (var row in file.FirstRejects)
            {
                var place = row.Column is null ? $"{row.Line}" : $"{row.Line}:{row.Column}";
                terminal.Out.WriteLine($"{file.FileName}:{place}: {row.Code.Text()}: {row.Message}");
            }
        }

        Tables.WriteWarnings(terminal, summary.Warnings);
        HealthText.WriteNotExamined(terminal, notExamined, "see `etl plan` and `etl doctor`");
    }
}
