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

/// <summary><c>new … --json</c>.</summary>
internal sealed record NewDocument(string Path) : Document;

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

/// <summary><c>runs --json</c>.</summary>
internal sealed record RunsDocument(IReadOnlyList<RunDocument> Runs, IReadOnlyList<FailedStartsDocument> FailedStarts)
    : Document;

/// <summary>The starts of a business date that did not succeed, by cause.</summary>
internal sealed record FailedStartsDocument(
    string BusinessDate,
    string Cause,
    long Count,
    DateTimeOffset FirstAt,
    DateTimeOffset LastAt
)
{
    public static FailedStartsDocument Of(FailedStarts starts) =>
        new(starts.BusinessDate.ToString(), starts.Cause, starts.Count, starts.FirstAt, starts.LastAt);
}

/// <summary>A run as the ledger records it: <c>runs show --json</c>, and an item of <c>runs --json</c>.</summary>
internal record RunDocument(
    string RunId,
    string BusinessDate,
    string AsOf,
    string Status,
    string Trigger,
    bool Forced,
    IReadOnlyList<string> AcceptedShrunk,
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
    IReadOnlyList<ExtensionFile> Extensions,
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
            HistoryText.StatusOf(run),
            JsonOutput.SnakeCase(run.Trigger),
            run.Forced,
            run.AcceptedShrunk,
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
            history.Extensions,
            history.ManifestUri,
            history.ReportUri,
            history.MessageSent,
            HistoryText.ErrorOf(run) is not { } code
                ? null
                : new ErrorDocument(code, run.ErrorMessage ?? "", run.ErrorNextStep ?? "")
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
    long NotKept,
    IReadOnlyList<ExportedRejectsDocument> Files
) : Document;

/// <summary>A file of <c>quarantine export --json</c>.</summary>
internal sealed record ExportedRejectsDocument(
    string Path,
    IReadOnlyList<string> Parts,
    long Written,
    long TooLong,
    long NotKept
);
