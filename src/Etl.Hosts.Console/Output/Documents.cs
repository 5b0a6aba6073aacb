using System.Text;
using Etl.Application.Errors;
using Etl.Application.Operations;
using Etl.Application.Runs;
using Etl.Application.Stage;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.Domain.Runs;

namespace Etl.Hosts.Console.Output;

/// <summary><c>sample --json</c>.</summary>
internal sealed record SampleDocument(string Folder, IReadOnlyList<SampleFileDocument> Files) : Document;

/// <summary>A file of <c>sample --json</c>.</summary>
internal sealed record SampleFileDocument(string Path, long Rows, long Bytes, long Dirty);

/// <summary><c>migrate --json</c>.</summary>
internal sealed record MigrateDocument(IReadOnlyList<string> Applied) : Document;

/// <summary><c>report --json</c>.</summary>
internal sealed record ReportDocument(string RunId, string Report) : Document;

/// <summary><c>db … --json</c>.</summary>
internal sealed record DbDocument(bool Running, string? Url, string Folder, string LogFile) : Document;

/// <summary><c>runs cost --json</c>.</summary>
internal sealed record CostDocument(
    string Month,
    int Runs,
    string Currency,
    string PricesAsOf,
    decimal Total,
    IReadOnlyList<CostItem> Items
) : Document;

/// <summary><c>check --json</c>.</summary>
internal sealed record CheckDocument(
    string BusinessDate,
    IReadOnlyList<CheckedFileDocument> Files,
    IReadOnlyList<string> Warnings
) : Document;

/// <summary>A file of <c>check --json</c> and <c>plan --json</c>.</summary>
internal sealed record CheckedFileDocument(
    string Dataset,
    string Uri,
    string Version,
    string Sha256,
    long Bytes,
    long Read,
    long Accepted,
    long Rejected,
    IReadOnlyDictionary<string, long> RejectsByCode,
    IReadOnlyList<RejectDocument> FirstRejects,
    IReadOnlyList<string> IgnoredColumns
)
{
    public static CheckedFileDocument Of(StagedFile file) =>
        new(
            file.Dataset,
            file.File!.Uri,
            file.File.Version,
            file.Sha256,
            file.BytesRead,
            file.RowCounts.Read,
            file.RowCounts.Loaded,
            file.RowCounts.Rejected,
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
            file.IgnoredColumns
        );
}

/// <summary>A rejected row.</summary>
internal sealed record RejectDocument(long Line, long ByteOffset, string? Column, string Code, string Message);

/// <summary><c>doctor --json</c>.</summary>
internal sealed record DoctorDocument(string? BusinessDate, IReadOnlyList<HealthCheckDocument> Checks) : Document;

/// <summary>The result of a health check.</summary>
internal sealed record HealthCheckDocument(string Name, string Level, string Message, string? NextStep, string? Code)
{
    public static HealthCheckDocument Of(HealthCheckResult result) =>
        new(
            result.Check,
            HealthText.LevelOf(result.Finding.Level),
            result.Finding.Message,
            result.Finding.NextStep,
            result.Finding.Code?.Text()
        );
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
    IReadOnlyList<string> Warnings
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
            plan.Warnings
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

/// <summary><c>runs --json</c>.</summary>
internal sealed record RunsDocument(IReadOnlyList<RunDocument> Runs) : Document;

/// <summary>A run as the ledger records it: <c>runs show --json</c>, and an item of <c>runs --json</c>.</summary>
internal record RunDocument(
    string RunId,
    string BusinessDate,
    string AsOf,
    string Status,
    string Trigger,
    bool Forced,
    int Attempts,
    DateTimeOffset StartedAt,
    DateTimeOffset? PublishedAt,
    DateTimeOffset? ExportedAt,
    DateTimeOffset? FinishedAt,
    IReadOnlyList<StepRecord> Steps,
    string? BaseRunId,
    IReadOnlyList<FileRecord> Sources,
    IReadOnlyList<DataTestResult> Tests,
    IReadOnlyList<ExportRecord> Exports,
    string? Manifest,
    string? Report,
    bool? MessageSent,
    ErrorDocument? Error
)
{
    public static RunDocument Of(RunHistory history)
    {
        var run = history.Run;
        return new RunDocument(
            run.RunId,
            new BusinessDate(run.BusinessDate).ToString(),
            new BusinessDate(run.AsOf).ToString(),
            JsonOutput.SnakeCase(run.Status),
            JsonOutput.SnakeCase(run.Trigger),
            run.Forced,
            run.Attempts,
            run.StartedAt,
            run.PublishedAt,
            run.ExportedAt,
            run.FinishedAt,
            history.Steps,
            run.BaseRunId,
            history.Files,
            history.Tests,
            history.Exports,
            history.ManifestUri,
            history.ReportUri,
            history.MessageSent,
            run.ErrorCode is null
                ? null
                : new ErrorDocument(run.ErrorCode, run.ErrorMessage ?? "", run.ErrorNextStep ?? "")
        );
    }
}

/// <summary><c>quarantine list --json</c>.</summary>
internal sealed record QuarantineDocument(
    string? RunId,
    IReadOnlyList<RejectCountDocument> Counts,
    IReadOnlyList<QuarantinedRowDocument> Rows
) : Document;

/// <summary>Number of rows rejected with one code, whether stored in the quarantine or not.</summary>
internal sealed record RejectCountDocument(string Dataset, string Code, long Rows)
{
    public static RejectCountDocument Of(RejectCount count) => new(count.Dataset, count.Code.Text(), count.Rows);
}

/// <summary>A row in the quarantine. <c>raw</c> is for reading; <c>rawBase64</c> has the exact bytes.</summary>
internal sealed record QuarantinedRowDocument(
    string Dataset,
    string File,
    string Version,
    long Line,
    long ByteOffset,
    string? Column,
    string Code,
    string Message,
    string Raw,
    string RawBase64
)
{
    public static QuarantinedRowDocument Of(QuarantinedRow stored) =>
        new(
            stored.Row.Dataset,
            stored.File,
            stored.Version,
            stored.Row.Line,
            stored.Row.ByteOffset,
            stored.Row.Column,
            stored.Row.Code.Text(),
            stored.Row.Message,
            Encoding.UTF8.GetString(stored.Row.Raw.Span),
            Convert.ToBase64String(stored.Row.Raw.Span)
        );
}

/// <summary><c>quarantine export --json</c>.</summary>
internal sealed record QuarantineExportDocument(
    string RunId,
    string Dataset,
    string Path,
    long Written,
    long TooLong,
    long NotKept
) : Document;
