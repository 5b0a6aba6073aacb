using Etl.Application.Errors;
using Etl.Application.Operations;
using Etl.Application.Runs;
using Etl.Domain.Runs;

namespace Etl.Hosts.Console.Output;

/// <summary><c>plan --json</c>.</summary>
internal sealed record PlanDocument(
    string Status,
    int ExitCode,
    string BusinessDate,
    string AsOf,
    string? Decision,
    string? RunId,
    string? FinishedFirst,
    string? Before,
    IReadOnlyList<string> Migrations,
    IReadOnlyList<FindingDocument> Checks,
    IReadOnlyList<CheckedFileDocument> Sources,
    IReadOnlyList<PlannedExport> Exports,
    IReadOnlyList<string> Warnings,
    ErrorDocument? Error
)
{
    public static PlanDocument Of(RunPlan plan) =>
        new(
            StatusOf(plan),
            plan.Error?.Code.ExitCode() ?? 0,
            plan.BusinessDate.ToString(),
            new BusinessDate(plan.AsOf).ToString(),
            plan.Decision is { } decision ? RunDocument.Snake(decision.ToString()) : null,
            plan.Run?.RunId,
            plan.FinishedFirst?.RunId,
            plan.Before?.Run.RunId,
            plan.Migrations,
            [.. plan.Results.Select(FindingDocument.Of)],
            [.. plan.Files.Select(CheckedFileDocument.Of)],
            plan.Exports,
            plan.Warnings,
            ErrorDocument.Of(plan.Error)
        );

    private static string StatusOf(RunPlan plan) =>
        plan.Decision switch
        {
            RunDecision.InProgress => "in_progress",
            RunDecision.AlreadyDone => "already_done",
            _ => plan.Error is null ? "succeeded" : "failed",
        };
}
