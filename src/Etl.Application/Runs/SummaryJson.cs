using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Etl.Application.Errors;
using Etl.Domain.Quality;
using Etl.Domain.Runs;

namespace Etl.Application.Runs;

/// <summary>
/// A run's summary as JSON, the same from every host. Names stay; fields may be added. A host that fails before it has a
/// summary writes one with <see cref="OfError"/>, so that its reader always gets this shape.
/// </summary>
public static class SummaryJson
{
    private static readonly JsonSerializerOptions Compact = SummaryJsonContext.Default.Options;

    /// <summary>For files and programs, never for a web page: letters beyond ASCII are not escaped.</summary>
    private static readonly JsonSerializerOptions Indented = new(Compact)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The document, on one line or indented.</summary>
    public static string Write(RunSummary summary, bool indented = true) =>
        Write(Of(summary), indented ? Indented : Compact);

    /// <summary>The document of several runs in their order; status and error are those of the last.</summary>
    public static string WriteAll(IReadOnlyList<RunSummary> summaries)
    {
        var last = summaries[^1];
        return Write(
            new BackfillDocument(last.Status, last.ExitCode, [.. summaries.Select(Of)], ErrorDocument.Of(last.Error)),
            Indented
        );
    }

    /// <summary>The summary of a command that failed before any run.</summary>
    public static RunSummary OfError(EtlError error, string businessDate = "", string asOf = "") =>
        RunSummary.OfError(error, ErrorClassifier.StatusOf(error), businessDate, asOf);

    private static string Write<T>(T document, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(document, options.GetTypeInfo(typeof(T)));

    private static SummaryDocument Of(RunSummary summary) =>
        new(
            summary.RunId,
            summary.BusinessDate,
            summary.AsOf,
            summary.Status,
            summary.ExitCode,
            (long)summary.Duration.TotalMilliseconds,
            summary.Sources,
            summary.Tests,
            summary.Exports,
            summary.ManifestUri,
            summary.ReportUri,
            [.. summary.Warnings.Select(w => w.Message)],
            ErrorDocument.Of(summary.Error),
            summary.SourceChanged,
            summary.BaseRunId,
            summary.Usage?.PeakMemoryBytes,
            summary.Cost,
            summary.Figures
        );
}

/// <summary>An error, the same in every JSON document.</summary>
/// <param name="Code">The stable text of the cause.</param>
/// <param name="Message">What failed, and on which object.</param>
/// <param name="NextStep">What to do next.</param>
/// <param name="Retryable">
/// Whether the same command may succeed later by itself; null, and left out, where the ledger is the source, which does not
/// record it.
/// </param>
/// <param name="SqlState">PostgreSQL's SQLSTATE; left out for an error of another cause.</param>
/// <param name="Dataset">The dataset; left out for an error of no dataset.</param>
public sealed record ErrorDocument(
    string Code,
    string Message,
    string NextStep,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Retryable = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? SqlState = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Dataset = null
)
{
    /// <summary>The document of an error; null where there is none.</summary>
    public static ErrorDocument? Of(EtlError? error) =>
        error is null
            ? null
            : new ErrorDocument(
                error.Code.Text(),
                error.Message,
                error.NextStep,
                error.Retryable,
                error.SqlState,
                error.Dataset
            );
}

/// <summary>The values of an enum as snake_case text, as in <c>timed_out</c>.</summary>
/// <typeparam name="T">The enum.</typeparam>
public sealed class SnakeCaseConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower)
    where T : struct, Enum;

internal sealed record SummaryDocument(
    string? RunId,
    string BusinessDate,
    string AsOf,
    SummaryStatus Status,
    int ExitCode,
    long DurationMs,
    IReadOnlyList<FileRecord> Sources,
    IReadOnlyList<DataTestResult> Tests,
    IReadOnlyList<ExportRecord> Exports,
    string? Manifest,
    string? Report,
    IReadOnlyList<string> Warnings,
    ErrorDocument? Error,
    bool SourceChanged,
    string? BaseRunId,
    long? PeakMemoryBytes,
    RunCost? Cost,
    BusinessFigures? Figures
);

internal sealed record BackfillDocument(
    SummaryStatus Status,
    int ExitCode,
    IReadOnlyList<SummaryDocument> Runs,
    ErrorDocument? Error
);

[JsonSerializable(typeof(SummaryDocument))]
[JsonSerializable(typeof(BackfillDocument))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters = [
        typeof(SnakeCaseConverter<FileRole>),
        typeof(SnakeCaseConverter<Severity>),
        typeof(SnakeCaseConverter<SummaryStatus>),
    ]
)]
internal sealed partial class SummaryJsonContext : JsonSerializerContext;
