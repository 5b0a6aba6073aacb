using System.CommandLine;
using Etl.Application;
using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Hosting;
using Etl.Hosts.Console.Output;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Etl.Hosts.Console.Verbs;

/// <summary><c>etl backfill</c>: the pipeline for several business dates, one after the other.</summary>
internal static class BackfillVerb
{
    public const string Name = "backfill";

    private static readonly Option<DateOnly?> From = Needed(CommonOptions.Day("--from", "The first business date."));

    private static readonly Option<DateOnly?> To = Needed(CommonOptions.Day("--to", "The last business date."));

    private static readonly Option<bool> Force = new("--force")
    {
        Description = "Run days again that have their succeeded run, and replace their rows.",
    };

    public static Command Create(Terminal terminal)
    {
        var verb = new Verb(
            Name,
            "Runs the pipeline once for each business date, in order; stops at the first that fails.",
            "etl backfill --from 2025-06-01 --to 2025-06-30 --source './incoming/{date}' --lake ./lake"
        )
        {
            From,
            To,
            CommonOptions.Source,
            CommonOptions.Lake,
            Force,
            CommonOptions.Connection,
            CommonOptions.Json,
        };
        verb.SetAction((parsed, token) => RunAsync(parsed, terminal, token));
        return verb;
    }

    private static async Task<int> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellationToken)
    {
        var (first, last) = (parsed.GetRequiredValue(From)!.Value, parsed.GetRequiredValue(To)!.Value);
        using var host = EtlHost.Build(parsed, terminal);
        Required.Settings(host, Required.Source, Required.Lake);
        RequireDays(host, first, last);
        await Destination.EnsureAsync(host, terminal, cancellationToken);
        var json = parsed.GetValue(CommonOptions.Json);
        var pipeline = host.Services.GetRequiredService<EtlPipeline>();
        var summaries = new List<RunSummary>();
        for (var day = first; day <= last; day = day.AddDays(1))
        {
            var request = new RunRequest(new BusinessDate(day), null, Trigger.Backfill, parsed.GetValue(Force));
            var summary = await pipeline.RunAsync(request, cancellationToken);
            summaries.Add(summary);
            await ReportAsync(host, terminal, summary, json);
            if (summary.ExitCode != 0)
            {
                break;
            }
        }

        if (json)
        {
            terminal.Out.WriteLine(SummaryJson.WriteAll(summaries));
        }

        return summaries[^1].ExitCode;
    }

    private static async Task ReportAsync(IHost host, Terminal terminal, RunSummary summary, bool json)
    {
        host.EndProgress();
        if (!json)
        {
            await RunVerb.ReportAsync(host, summary, terminal, json);
        }
        else if (summary.Error is { } error)
        {
            ErrorOutput.Write(terminal, error);
        }
    }

    private static void RequireDays(IHost host, DateOnly first, DateOnly last)
    {
        if (last < first)
        {
            throw new EtlException(
                ErrorCode.Usage,
                $"The last day, {new BusinessDate(last)}, lies before the first, {new BusinessDate(first)}.",
                "Give the earlier day with --from."
            );
        }

        var source = host.Services.GetRequiredService<IConfiguration>()[Required.Source.Setting]!;
        if (first != last && !source.Contains("{date}", StringComparison.Ordinal))
        {
            throw new EtlException(
                ErrorCode.Usage,
                "The source is the same for every day: every run would load the same files.",
                "Put {date} into the source where the day stands, as in ./incoming/{date}."
            );
        }
    }

    private static Option<T> Needed<T>(Option<T> option)
    {
        option.Required = true;
        return option;
    }
}
