using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using Etl.Application.Errors;
using Etl.Application.Extract;
using Etl.Application.Operations;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Analytics;
using Etl.Domain.Runs;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Hosting;
using Etl.Hosts.Console.Output;
using Etl.Infrastructure.Extract;
using Etl.Infrastructure.Postgres;

namespace Etl.Hosts.Console.Verbs;

/// <summary><c>etl run</c>: the pipeline for one business date.</summary>
internal sealed class RunVerb : PipelineVerb
{
    public RunVerb(Terminal terminal)
        : base(
            terminal,
            "run",
            "Runs the pipeline for a business date: extract, stage, transform, publish, export, notify. "
                + "A date with a succeeded run is run again only with --force.",
            [.. RunOptions.All, CommonOptions.WaitUntil],
            "etl run --source ./sample --lake ./lake --date 2025-06-30",
            "etl run --source './incoming/{date}' --lake ./lake --wait-until 07:30 --json"
        )
    {
        Notes = RunNotes.All;
        Validators.Add(RunOptions.OneDate);
    }

    protected override IReadOnlyList<RequiredSetting> Required => [RequiredSetting.Source, RequiredSetting.Lake];

    protected override Task<RunSummary> SummarizeAsync(VerbContext context, CancellationToken cancellationToken) =>
        RunAsync(context, RunOptions.RequestOf(context), cancellationToken);
}

/// <summary>What the help of <c>run</c> explains beyond its options.</summary>
internal static class RunNotes
{
    /// <summary>The exit codes of all verbs with their causes, as the runbook explains them.</summary>
    public static readonly IReadOnlyDictionary<int, string> ExitCodes = new Dictionary<int, string>
    {
        [0] = "succeeded, or already done",
        [1] = "an internal error of the program",
        [2] = "usage or a setting",
        [3] =
            "a source file: missing, empty, incomplete, shrunk, unchanged, unreadable, wrong header, changed during the read",
        [4] = "data: rejects over the limit, a failed data test, a row count mismatch",
        [5] = "PostgreSQL",
        [6] = "the lake",
        [7] = "another run is in progress",
        [8] = "stopped: deadline, SIGTERM, Ctrl-C",
        [9] = "the command succeeded, but stdout or stderr could not be written: a full disk, a closed pipe",
    };

    public static IReadOnlyList<string> All =>
        [
            "Settings:",
            "  --source, --lake and --connection set Etl:Source:Uri, Etl:Lake:Uri and Etl:Postgres:ConnectionString. Every other",
            "  setting is given as --Etl:SECTION:NAME=VALUE, in the environment as ETL__SECTION__NAME, or in appsettings.json, in",
            "  this order. docs/configuration.md lists the settings; `etl doctor` checks them.",
            "",
            "Exit codes:",
            .. ExitCodes.Select(c => $"  {c.Key}  {c.Value}"),
            "",
        ];
}

/// <summary><c>etl plan</c>: what <c>etl run</c> with the same options would check and do.</summary>
internal sealed class PlanVerb : HostVerb
{
    public PlanVerb(Terminal terminal)
        : base(
            terminal,
            "plan",
            "Checks what `run` would check and prints what it would do. Changes nothing.",
            RunOptions.All,
            "etl plan --source ./sample --lake ./lake --date 2025-06-30"
        ) => Validators.Add(RunOptions.OneDate);

    protected override IReadOnlyList<RequiredSetting> Required => [RequiredSetting.Source, RequiredSetting.Lake];

    protected override LocalDatabaseUse LocalDatabase => LocalDatabaseUse.IfRunning;

    protected override async Task<VerbResult> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var plan = await context
            .Get<RunPlanner>()
            .PlanAsync(RunOptions.RequestOf(context), CheckDepth.ReadOnly, cancellationToken);
        var (datasets, marts) = (context.Get<DatasetCatalog>(), context.Get<MartCatalog>());
        var schemas = context.OptionsOf<SchemaOptions>();
        return VerbResult.Of(
            PlanDocument.Of(plan),
            terminal => PlanText.Write(terminal, plan, datasets, marts, schemas)
        );
    }
}

/// <summary>The options of <c>run</c> and <c>plan</c>.</summary>
internal static class RunOptions
{
    private static readonly Option<DateOnly?> Date = CommonOptions.Date(
        "--date",
        "The business date. Default: today in Etl:Schedule:TimeZone."
    );

    private static readonly Option<DateTimeOffset?> At = CommonOptions.Timestamp(
        "--at",
        "The scheduled time, in place of --date. The business date is its date in Etl:Schedule:TimeZone."
    );

    private static readonly Option<string?> Marker = new("--marker")
    {
        Description =
            "With --at: the marker that arrived at that time. The business date is the date in it, if the source has {date}.",
        HelpName = "URI",
    };

    private static readonly Option<DateOnly?> AsOf = CommonOptions.Date(
        "--as-of",
        "The date on which ages are computed. Default: the business date."
    );

    private static readonly Option<bool> Force = new("--force")
    {
        Description = "Run again although the business date has a succeeded run, and replace its rows.",
    };

    private static readonly Option<string[]> AcceptShrunk = new("--accept-shrunk")
    {
        Description =
            "Accept once that a dataset has fewer rows than on the previous business date. Repeat it, or separate names by commas.",
        HelpName = "NAME",
        CompletionSources = { QuarantineVerbs.NamesToComplete },
    };

    public static readonly Symbol[] All =
    [
        CommonOptions.Source,
        CommonOptions.Lake,
        Date,
        At,
        Marker,
        AsOf,
        Force,
        AcceptShrunk,
        CommonOptions.Connection,
    ];

    public static void OneDate(CommandResult given)
    {
        if (given.GetResult(Date) is not null && given.GetResult(At) is not null)
        {
            given.AddError("Give --date or --at, not both.");
        }

        if (given.GetResult(Marker) is not null && given.GetResult(At) is null)
        {
            given.AddError("Give --at with --marker: the time at which the marker arrived.");
        }
    }

    public static RunRequest RequestOf(VerbContext context) =>
        new(
            DateOf(context),
            context.Value(AsOf),
            context.Value(Marker) is not null ? Trigger.Marker
                : context.Value(At) is null ? Trigger.Manual
                : Trigger.Schedule,
            context.Value(Force)
        )
        {
            AcceptShrunk = [.. DatasetsOf(context).Distinct()],
        };

    private static BusinessDate DateOf(VerbContext context)
    {
        var date = context.BusinessDate(context.Value(Date), context.Value(At));
        if (context.Value(Marker) is not { } uri)
        {
            return date;
        }

        var address = new MarkerAddress(
            context.OptionsOf<SourceOptions>().Uri,
            context.OptionsOf<DeliveryOptions>().Marker
        );
        return address.DateOf(uri, date)
            ?? throw new EtlException(
                ErrorCode.Usage,
                $"The object of --marker is not the marker of the source, {address}.",
                "Give the location of the marker, or --date."
            );
    }

    private static IEnumerable<string> DatasetsOf(VerbContext context) =>
        (context.Value(AcceptShrunk) ?? [])
            .SelectMany(names => names.Split(',', StringSplitOptions.TrimEntries))
            .Select(name => QuarantineVerbs.DatasetOf(context, name, AcceptShrunk.Name).Name);
}
