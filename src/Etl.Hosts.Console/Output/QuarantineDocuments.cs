using System.Text;
using Etl.Application.Runs;
using Etl.Application.Stage;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;

namespace Etl.Hosts.Console.Output;

/// <summary><c>quarantine list --json</c>.</summary>
internal sealed record QuarantineDocument(
    string Status,
    int ExitCode,
    string? RunId,
    IReadOnlyList<RejectCountDocument> Counts,
    IReadOnlyList<QuarantinedRowDocument> Rows,
    ErrorDocument? Error
)
{
    public static QuarantineDocument Of(
        RunId? run,
        IReadOnlyList<RejectCount> counts,
        IReadOnlyList<QuarantinedRow> rows
    ) =>
        new(
            "succeeded",
            0,
            run?.ToString(),
            [.. counts.Select(c => new RejectCountDocument(c.Dataset, c.Code.Text(), c.Rows))],
            [.. rows.Select(QuarantinedRowDocument.Of)],
            Error: null
        );
}

/// <summary>How many rows were rejected for one reason, kept or not.</summary>
internal sealed record RejectCountDocument(string Dataset, string Code, long Rows);

/// <summary>A kept row; <c>raw</c> is for reading, <c>rawBase64</c> has the bytes as they are.</summary>
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
    public static QuarantinedRowDocument Of(QuarantinedRow kept) =>
        new(
            kept.Row.Dataset,
            kept.File,
            kept.Version,
            kept.Row.Line,
            kept.Row.ByteOffset,
            kept.Row.Column,
            kept.Row.Code.Text(),
            kept.Row.Message,
            Encoding.UTF8.GetString(kept.Row.Raw.Span),
            Convert.ToBase64String(kept.Row.Raw.Span)
        );
}

/// <summary><c>quarantine export --json</c>.</summary>
internal sealed record QuarantineExportDocument(
    string Status,
    int ExitCode,
    string RunId,
    string Dataset,
    string Path,
    long Written,
    long TooLong,
    long NotKept,
    ErrorDocument? Error
);
