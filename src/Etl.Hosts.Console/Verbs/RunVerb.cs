using System.CommandLine;
using System.CommandLine.Parsing;
using Etl.Application;
using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Hosting;
using Etl.Hosts.Console.Output;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Etl.Hosts.Console.Verbs;

/// <summary><c>etl run</c>: the pipeline, for one business date.</summary>
internal static class RunVerb
{
    public const string Name = "run";

    public static readonly Option<DateOnly?> Date = CommonOptions.Day(
        "--date",
        "The business date; today in Etl:Schedule:TimeZone unless given."
    );

    public static readonly Option<DateTimeOffset?> At = CommonOptions.Moment(
        "--at",
        "The moment that a schedule meant, in place of --date: its day in Etl:Schedule:TimeZone."
    );

    public static readonly Option<DateOnly?> AsOf = CommonOptions.Day(
        "--as-of",
        "The day that ages are counted to; the business date unless given."
    );

    public static readonly Option<bool> Force = new("--force")
    {
        Description = "Run although the day has its succeeded run, and replace its rows.",
    };

    public static Command Create(Terminal terminal)
    {
        var verb = new Verb(
            Name,
            "Runs the pipeline for a business date: extract, stage, transform, export, notify. Once a day, unless forced.",
            "etl run --source ./sample --lake ./lake --date 2025-06-30",
            "etl run --source ./incoming/{date} --lake ./lake --json"
        )
        {
            CommonOptions.Source,
            CommonOptions.Lake,
            Date,
            At,
            AsOf,
            Force,
            CommonOptions.Connection,
            CommonOptions.Json,
        };
        verb.Validators.Add(OneDay);
        verb.SetAction((parsed, token) => RunAsync(parsed, terminal, token));
        return verb;
    }

    /// <summary>The business date comes from one of the two options, not from both.</summary>
    public static void OneDay(CommandResult given)
    {
        if (given.GetResult(Date) is not null && given.GetResult(At) is not null)
        {
            given.AddError("Give --date or --at, not both.");
        }
    }

    private static async Task<int> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellationToken)
    {
        using var host = EtlHost.Build(parsed, terminal);
        Required.Settings(host, Required.Source, Required.Lake);
        await Destination.EnsureAsync(host, terminal, cancellationToken);
        var request = new RunRequest(
            BusinessDay.Of(host, parsed.GetValue(Date), parsed.GetValue(At)),
            parsed.GetValue(AsOf),
            parsed.GetValue(At) is null ? Trigger.Manual : Trigger.Schedule,
            parsed.GetValue(Force)
        );
        var summary = await host.Services.GetRequiredService<EtlPipeline>().RunAsync(request, cancellationToken);
        return await ReportAsync(host, summary, terminal, parsed.GetValue(CommonOptions.Json));
    }

    public static async Task<int> ReportAsync(IHost host, RunSummary summary, Terminal terminal, bool json)
    {
        host.EndProgress();
        if (summary.Error is { } error)
        {
            ErrorOutput.Write(terminal, error);
        }

        if (json)
        {
            terminal.Out.WriteLine(SummaryJson.Write(summary));
        }
        else
        {
            SummaryText.Write(terminal, summary, await BeforeAsync(host, summary));
        }

        return summary.ExitCode;
    }

    /// <summary>What the run before did, to compare with; no comparison is worth a exception.</summary>
    private static async Task<RunHistory?> BeforeAsync(IHost host, RunSummary summary)
    {
        if (summary.ExitCode != 0 || !RunId.TryParse(summary.RunId, out var run))
        {
            return null;
        }

        try
        {
            return await host.Services.GetRequiredService<IRunHistory>().PreviousAsync(run, CancellationToken.None);
        }
        catch (EtlException)
        {
            return null;
        }
    }
}
