using System.CommandLine;
using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Hosting;
using Etl.Hosts.Console.Output;
using Microsoft.Extensions.Configuration;

namespace Etl.Hosts.Console.Verbs;

/// <summary><c>etl backfill</c>: the pipeline for several business dates in order.</summary>
internal sealed class BackfillVerb(Terminal terminal)
    : HostVerb(
        terminal,
        "backfill",
        "Runs the pipeline for each business date in order, and stops at the first failure.",
        [From, To, CommonOptions.Source, CommonOptions.Lake, Force, CommonOptions.Connection],
        "etl backfill --from 2025-06-01 --to 2025-06-30 --source './incoming/{date}' --lake ./lake"
    )
{
    private static readonly Option<DateOnly?> From = CommonOptions
        .Date("--from", "The first business date.")
        .Required();

    private static readonly Option<DateOnly?> To = CommonOptions.Date("--to", "The last business date.").Required();

    private static readonly Option<bool> Force = new("--force")
    {
        Description = "Run dates again that have a succeeded run, and replace their rows.",
    };

    protected override IReadOnlyList<RequiredSetting> Required => [RequiredSetting.Source, RequiredSetting.Lake];

    protected override void Check(ParseResult parsed, IConfiguration settings)
    {
        var (first, last) = Dates(parsed);
        if (last < first)
        {
            throw new EtlException(
                ErrorCode.Usage,
                $"The last date, {new BusinessDate(last)}, is before the first, {new BusinessDate(first)}.",
                "Give the earlier date with --from."
            );
        }

        var names = settings.GetSection("Etl:Files").AsEnumerable().Select(s => s.Value);
        if (first != last && !names.Append(settings[RequiredSetting.Source.Name]).Any(DatePlaceholders.IsIn))
        {
            throw new EtlException(
                ErrorCode.Usage,
                "Neither the source nor a file name contains {date}: every run would load the same files.",
                "Put {date} into the source in place of the date, for example ./incoming/{date}."
            );
        }
    }

    protected override async Task<VerbResult> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var (first, last) = Dates(context.Parsed);
        var summaries = new List<RunSummary>();
        for (var date = first; date <= last; date = date.AddDays(1))
        {
            var request = new RunRequest(new BusinessDate(date), null, Trigger.Backfill, context.Value(Force));
            summaries.Add(await PipelineVerb.RunAsync(context, request, cancellationToken));
            context.Progress.End();
            if (!context.Json)
            {
                (await PipelineVerb.ResultAsync(context, summaries[^1])).Print(Terminal, json: false);
            }

            if (summaries[^1].ExitCode != 0)
            {
                break;
            }
        }

        return new VerbResult(
            () => SummaryJson.WriteAll(summaries),
            _ => { },
            summaries[^1].ExitCode,
            context.Json ? summaries[^1].Error : null
        );
    }

    private static (DateOnly First, DateOnly Last) Dates(ParseResult parsed) =>
        (parsed.GetRequiredValue(From)!.Value, parsed.GetRequiredValue(To)!.Value);
}
