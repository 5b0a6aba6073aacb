using Etl.Application.Errors;
using Etl.Application.Operations;
using Etl.Application.Runs;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.Domain.Runs;

namespace Etl.Hosts.Console.Output;

/// <summary><c>check --json</c>.</summary>
internal sealed record CheckDocument(
    string BusinessDate,
    IReadOnlyList<CheckedFileDocument> Files,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<string> NotExamined
) : Document;

/// <summary><c>load --json</c>.</summary>
internal sealed record LoadDocument(string RunId, IReadOnlyList<CheckedFileDocument> Files, IReadOnlyList<string> Left)
    : Document;

/// <summary>A file of <c>check --json</c>, <c>plan --json</c> and <c>load --json</c>.</summary>
internal sealed record CheckedFileDocument(
    string Dataset,
    string Uri,
    string Version,
    string Sha256,
    long Bytes,
    long Read,
    long Accepted,
    long Rejected,
    long Skipped,
    IReadOnlyDictionary<string, long> RejectsByCode,
    IReadOnlyList<RejectDocument> FirstRejects,
    IReadOnlyList<string> IgnoredColumns,
    string Part
)
{
    public static CheckedFileDocument Of(StagedFile file) =>
        new(
            file.Dataset,
            file.Uri,
            file.Version,
            file.Sha256,
            file.Bytes,
            file.RowCounts.Read,
            file.RowCounts.Loaded,
            file.RowCounts.Rejected,
            file.Skipped,
            file.RejectsByCode.Where(c => c.Value > 0).ToDictionary(c => c.Key.Text(), c => c.Value),
            [
                .. file.FirstRejects.Select(r => new RejectDocument(
                    r.Line,
                    r.ByteOffset,
                    r.Column,
                    r.Code.Text(),
                    r.Message
                )),
            ],
            file.IgnoredColumns,
            file.Part
        );
}

/// <summary>A rejected row.</summary>
internal sealed record RejectDocument(long Line, long ByteOffset, string? Column, string Code, string Message);

/// <summary><c>doctor --json</c>.</summary>
internal sealed record DoctorDocument(
    string? BusinessDate,
    IReadOnlyList<HealthCheckDocument> Checks,
    IReadOnlyList<string> NotExamined
) : Document;

/// <summary>The result of a health check.</summary>
internal sealed record HealthCheckDocument(string Name, string Level, string Message, string? NextStep, string? Code)
{
    public static HealthCheckDocument Of(HealthCheckResult result) =>
        new(result.Check, JsonOutput.SnakeCase(result.Level), result.Message, result.NextStep, result.Code?.Text());
}

/// <summary><c>plan --json</c>.</summary>
internal sealed record PlanDocument(
    string BusinessDate,
    string AsOf,
    string? Decision,
    string? RunId,
    string? FinishedFirst,
    string? Before,
    IReadOnlyList<string> Migrations,
    IReadOnlyList<HealthCheckDocument> Checks,
    IReadOnlyList<CheckedFileDocument> Sources,
    IReadOnlyList<PlannedExport> Exports,
    bool SourceChanged,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<string> NotExamined
) : Document
{
    public static PlanDocument Of(RunPlan plan)
    {
        var document = new PlanDocument(
            plan.BusinessDate.ToString(),
            new BusinessDate(plan.AsOf).ToString(),
            plan.Decision is { } decision ? JsonOutput.SnakeCase(decision) : null,
            plan.Run?.RunId,
            plan.FinishedFirst?.RunId,
            plan.Before?.Run.RunId,
            plan.Migrations,
            [.. plan.Results.Select(HealthCheckDocument.Of)],
            [.. plan.Files.Select(CheckedFileDocument.Of)],
            plan.Exports,
            plan.SourceChanged,
            [.. plan.Warnings.Select(w => w.Message)],
            plan.NotExamined
        )
        {
            Failure = plan.Error,
        };
        return plan.Decision is RunDecision.InProgress or RunDecision.AlreadyDone
            ? document with
            {
                Status = document.Decision!,
            }
            : document;
    }
}
