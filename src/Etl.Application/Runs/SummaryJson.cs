using System.Text.Json;
using System.Text.Json.Serialization;
using Etl.Application.Errors;

namespace Etl.Application.Runs;

/// <summary>
/// A run's summary as JSON, the same from every host. Names stay; fields may be added. A host that fails before it has a
/// summary writes one with <see cref="OfError"/>, so that its reader always gets this shape.
/// </summary>
public static class SummaryJson
{
    /// <summary>The document, on one line or indented.</summary>
    public static string Write(RunSummary summary, bool indented = true)
    {
        var context = indented ? SummaryJsonContext.Indented : SummaryJsonContext.Default;
        return JsonSerializer.Serialize(Of(summary), context.SummaryDocument);
    }

    /// <summary>The document of several runs, one after the other; status and error are those of the last.</summary>
    public static string WriteAll(IReadOnlyList<RunSummary> summaries)
    {
        var last = summaries[^1];
        var document = new SeveralDocument(
            Snake(last.Status.ToString()),
            last.ExitCode,
            [.. summaries.Select(Of)],
            ErrorOf(last)
        );
        return JsonSerializer.Serialize(document, SummaryJsonContext.Indented.SeveralDocument);
    }

    private static SummaryDocument Of(RunSummary summary) =>
        new(
            summary.RunId,
            summary.BusinessDate,
            summary.AsOf,
            Snake(summary.Status.ToString()),
            summary.ExitCode,
            (long)summary.Duration.TotalMilliseconds,
            [
                .. summary.Sources.Select(s => new SourceDocument(
                    s.Dataset,
                    s.Uri,
                    s.Version,
                    s.Sha256,
                    s.Bytes,
                    s.Read,
                    s.Loaded,
                    s.Rejected,
                    Snake(s.Role.ToString())
                )),
            ],
            [.. summary.Tests.Select(t => new CheckDocument(t.Name, Snake(t.Severity.ToString()), t.Violations))],
            [.. summary.Exports.Select(e => new ExportDocument(e.Table, e.Uri, e.Rows, e.Bytes, e.Sha256))],
            summary.ManifestUri,
            summary.ReportUri,
            summary.Warnings,
            ErrorOf(summary),
            summary.BaseRunId,
            summary.Usage?.PeakMemoryBytes,
            summary.Cost is { } cost
                ? new CostDocument(cost.Amount, cost.Currency, cost.BilledMs, cost.MemoryMegabytes)
                : null
        );

    private static ErrorDocument? ErrorOf(RunSummary summary) =>
        summary.Error is { } error
            ? new ErrorDocument(error.Code.Text(), error.Message, error.NextStep, error.Retryable)
            : null;

    /// <summary>The summary of a command that failed before any run.</summary>
    public static RunSummary OfError(EtlError error, string businessDate = "", string asOf = "") =>
        new(
            RunId: null,
            businessDate,
            asOf,
            ErrorClassifier.StatusOf(error),
            TimeSpan.Zero,
            [],
            [],
            [],
            ManifestUri: null,
            [],
            error
        );

    private static string Snake(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}

internal sealed record SummaryDocument(
    string? RunId,
    string BusinessDate,
    string AsOf,
    string Status,
    int ExitCode,
    long DurationMs,
    IReadOnlyList<SourceDocument> Sources,
    IReadOnlyList<CheckDocument> Checks,
    IReadOnlyList<ExportDocument> Exports,
    string? Manifest,
    string? Report,
    IReadOnlyList<string> Warnings,
    ErrorDocument? Error,
    string? BaseRunId,
    long? PeakMemoryBytes,
    CostDocument? Cost
);

internal sealed record CostDocument(decimal Amount, string Currency, long BilledMs, int MemoryMegabytes);

internal sealed record SeveralDocument(
    string Status,
    int ExitCode,
    IReadOnlyList<SummaryDocument> Runs,
    ErrorDocument? Error
);

internal sealed record SourceDocument(
    string Dataset,
    string Uri,
    string Version,
    string Sha256,
    long Bytes,
    long Read,
    long Loaded,
    long Rejected,
    string Role
);

internal sealed record CheckDocument(string Name, string Severity, long Violations);

internal sealed record ExportDocument(string Table, string Uri, long Rows, long Bytes, string Sha256);

internal sealed record ErrorDocument(string Code, string Message, string NextStep, bool Retryable);

[JsonSerializable(typeof(SummaryDocument))]
[JsonSerializable(typeof(SeveralDocument))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class SummaryJsonContext : JsonSerializerContext
{
    /// <summary>For people: indented, and letters as they are.</summary>
    public static SummaryJsonContext Indented { get; } =
        new(
            new JsonSerializerOptions
            {
                PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
                WriteIndented = true,
                NewLine = "\n",
                Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }
        );
}
