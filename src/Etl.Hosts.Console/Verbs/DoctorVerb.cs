using Etl.Application.Errors;
using Etl.Application.Operations;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Hosting;
using Etl.Hosts.Console.Output;

namespace Etl.Hosts.Console.Verbs;

/// <summary><c>etl doctor</c>: whether a run would work, one line per requirement, with the fix.</summary>
internal sealed class DoctorVerb(Terminal terminal)
    : HostVerb(
        terminal,
        "doctor",
        "Checks whether a run would work: one line per requirement, with the fix. What it tries, it takes back.",
        [CommonOptions.Source, CommonOptions.Lake, CommonOptions.SourceDate, CommonOptions.Connection],
        "etl doctor --source ./sample --lake ./lake"
    )
{
    private const string Settings = "settings";

    protected override LocalDatabaseUse LocalDatabase => LocalDatabaseUse.IfRunning;

    protected override async Task<VerbResult> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var date = context.BusinessDate(context.Value(CommonOptions.SourceDate));
        var request = new RunRequest(date, AsOf: null, Trigger.Manual, Force: false);
        var plan = await context.Get<RunPlanner>().PlanAsync(request, CheckDepth.Trial, cancellationToken);
        var settings = HealthCheckResult.Ok("all settings are known and valid") with { Check = Settings };
        return ResultOf(
            date.ToString(),
            new HealthReport([settings, .. plan.Results, .. FilesOf(plan), .. OthersOf(plan)])
        );
    }

    /// <summary>The files as a run reads them.</summary>
    private static IEnumerable<HealthCheckResult> FilesOf(RunPlan plan)
    {
        var results = plan switch
        {
            { FileErrors.Count: > 0 } => plan.FileErrors.Select(HealthCheckResult.Error),
            { Files.Count: 0, Decision: RunDecision.AlreadyDone } =>
            [
                HealthCheckResult.Ok($"not read: run {plan.Run!.Id} has published the date"),
            ],
            { Files.Count: 0 } => [HealthCheckResult.NotChecked("not checked: they need the source")],
            { Warnings.Count: > 0 } =>
            [
                HealthCheckResult.Warning(
                    string.Join(" ", plan.Warnings.Select(w => w.Message)),
                    "See `etl check` for the rows."
                ),
            ],
            _ => [HealthCheckResult.Ok(string.Join(", ", plan.Files.Select(f => $"{f.FileName} {Rows(f)}")))],
        };
        return results.Select(r => r with { Check = "files" });
    }

    private static string Rows(StagedFile file) => Tables.Count(file.RowCounts.Read, "row");

    /// <summary>Errors of the plan itself; a run in progress is a warning of the last run.</summary>
    private static IEnumerable<HealthCheckResult> OthersOf(RunPlan plan) =>
        plan
            .Errors.Except(plan.FileErrors)
            .Where(e => e.Code != ErrorCode.InProgress && plan.Results.All(r => r.Message != e.Message))
            .Select(e => HealthCheckResult.Error(e) with { Check = "plan" });

    /// <summary>Nothing else can be checked with invalid settings.</summary>
    protected override VerbResult ResultOfInvalidSettings(EtlError error)
    {
        var lines = error.Message.Split('\n').Select(line => error with { Message = line });
        return ResultOf(
            null,
            new HealthReport([.. lines.Select(l => HealthCheckResult.Error(l) with { Check = Settings })])
        );
    }

    private static VerbResult ResultOf(string? date, HealthReport report) =>
        VerbResult.Of(
            new DoctorDocument(date, [.. report.Results.Select(HealthCheckDocument.Of)], report.NotExamined)
            {
                Failure = report.Error,
            },
            terminal => HealthText.Write(terminal, report)
        ) with
        {
            Error = null, // The report contains it.
        };
}
