using System.Text.Json;
using Etl.Application.Errors;
using Etl.Application.Operations;
using Etl.Application.Runs;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.Domain.Runs;

namespace Etl.Hosts.Console.Output;

/// <summary>A failure, in every document the same.</summary>
internal sealed record ErrorDocument(string Code, string Message, string NextStep, bool Retryable)
{
    public static ErrorDocument? Of(EtlError? error) =>
        error is null ? null : new ErrorDocument(error.Code.Text(), error.Message, error.NextStep, error.Retryable);
}

/// <summary>What a command prints that failed before it had anything of its own to say.</summary>
internal sealed record FailureDocument(string Status, int ExitCode, ErrorDocument Error)
{
    public static FailureDocument Of(EtlError error) =>
        new(
            error.Code == ErrorCode.Cancelled ? "cancelled" : "failed",
            error.Code.ExitCode(),
            ErrorDocument.Of(error)!
        );
}

/// <summary><c>sample --json</c>.</summary>
internal sealed record SampleDocument(
    string Status,
    int ExitCode,
    string Folder,
    IReadOnlyList<SampleFileDocument> Files,
    ErrorDocument? Error
);

/// <summary>A file of <c>sample --json</c>.</summary>
internal sealed record SampleFileDocument(string Path, long Rows, long Bytes, long Dirty);

/// <summary><c>migrate --json</c>.</summary>
internal sealed record MigrateDocument(
    string Status,
    int ExitCode,
    IReadOnlyList<string> Applied,
    ErrorDocument? Error
);

/// <summary><c>report --json</c>.</summary>
internal sealed record ReportDocument(string Status, int ExitCode, string RunId, string Report, ErrorDocument? Error);

/// <summary><c>db … --json</c>.</summary>
internal sealed record DbDocument(
    string Status,
    int ExitCode,
    bool Running,
    string? Url,
    string Folder,
    string LogFile,
    ErrorDocument? Error
);

/// <summary><c>check --json</c>.</summary>
internal sealed record CheckDocument(
    string Status,
    int ExitCode,
    string BusinessDate,
    IReadOnlyList<CheckedFileDocument> Files,
    IReadOnlyList<string> Warnings,
    ErrorDocument? Error
)
{
    public static CheckDocument Of(BusinessDate day, CheckSummary summary) =>
        new(
            summary.Error is null ? "succeeded" : "failed",
            summary.Error?.Code.ExitCode() ?? 0,
            day.ToString(),
            [.. summary.Files.Select(CheckedFileDocument.Of)],
            summary.Warnings,
            ErrorDocument.Of(summary.Error)
        );
}

/// <summary>A file of <c>check --json</c>.</summary>
internal sealed record CheckedFileDocument(
    string Dataset,
    string Uri,
    string Version,
    string Sha256,
    long Bytes,
    long Read,
    long Good,
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

/// <summary><c>runs --json</c>.</summary>
internal sealed record RunsDocument(string Status, int ExitCode, IReadOnlyList<RunDocument> Runs, ErrorDocument? Error);

/// <summary><c>runs show --json</c>, and an item of <c>runs --json</c>: names as in <c>run --json</c>.</summary>
internal sealed record RunDocument(
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
    IReadOnlyList<StepDocument> Steps,
    string? BaseRunId,
    IReadOnlyList<RunSourceDocument> Sources,
    IReadOnlyList<TestDocument> Checks,
    IReadOnlyList<ExportRecord> Exports,
    string? Manifest,
    string? Report,
    bool? MessageSent,
    RunErrorDocument? Error
)
{
    public static RunDocument Of(RunHistory history)
    {
        var run = history.Run;
        return new RunDocument(
            run.RunId,
            new BusinessDate(run.BusinessDate).ToString(),
            new BusinessDate(run.AsOf).ToString(),
            Snake(run.Status.ToString()),
            Snake(run.Trigger.ToString()),
            run.Forced,
            run.Attempts,
            run.StartedAt,
            run.PublishedAt,
            run.ExportedAt,
            run.FinishedAt,
            [.. history.Steps.Select(StepDocument.Of)],
            run.BaseRunId,
            [.. history.Files.Select(RunSourceDocument.Of)],
            [
                .. history.Tests.Select(t => new TestDocument(
                    t.Name,
                    Snake(t.Severity.ToString()),
                    t.Violations,
                    t.Meaning
                )),
            ],
            history.Exports,
            history.ManifestUri,
            history.ReportUri,
            history.MessageSent,
            run.ErrorCode is null
                ? null
                : new RunErrorDocument(run.ErrorCode, run.ErrorMessage ?? "", run.ErrorNextStep ?? "")
        );
    }

    public static string Snake(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}

/// <summary>A step of a run.</summary>
internal sealed record StepDocument(
    string Step,
    int Attempt,
    DateTimeOffset StartedAt,
    DateTimeOffset? FinishedAt,
    bool? Succeeded,
    string? Detail
)
{
    public static StepDocument Of(StepRecord step) =>
        new(
            RunDocument.Snake(step.Step.ToString()),
            step.Attempt,
            step.StartedAt,
            step.FinishedAt,
            step.Succeeded,
            step.Detail
        );
}

/// <summary>A file of a run.</summary>
internal sealed record RunSourceDocument(
    string Dataset,
    string Uri,
    string Version,
    string Sha256,
    long Bytes,
    long Read,
    long Loaded,
    long Rejected,
    string Role
)
{
    public static RunSourceDocument Of(FileRecord file) =>
        new(
            file.Dataset,
            file.Uri,
            file.Version,
            file.Sha256,
            file.Bytes,
            file.Read,
            file.Loaded,
            file.Rejected,
            RunDocument.Snake(file.Role.ToString())
        );
}

/// <summary>A data test of a run.</summary>
internal sealed record TestDocument(string Name, string Severity, long Violations, string Meaning);

/// <summary>The exception that ended a run, as the ledger keeps it.</summary>
internal sealed record RunErrorDocument(string Code, string Message, string NextStep);
