using Etl.Application.Runs;
using Etl.Domain.Runs;

namespace Etl.Infrastructure.Ledger;

/// <summary>Rows of the ledger about some runs, however they were read, as the runs' histories.</summary>
internal sealed class HistoryRows
{
    public required IReadOnlyList<RunRow> Runs { get; init; }
    public required IReadOnlyList<StepRow> Steps { get; init; }
    public required IReadOnlyList<FileRow> Files { get; init; }
    public required IReadOnlyList<TestRow> Tests { get; init; }
    public required IReadOnlyList<ExportRow> Exports { get; init; }
    public required IReadOnlyList<(string RunId, bool Sent)> Messages { get; init; }

    /// <summary>In the order of the runs.</summary>
    public IReadOnlyList<RunHistory> ToHistories() => [.. Runs.Select(Of)];

    private RunHistory Of(RunRow row)
    {
        var id = row.Run.RunId;
        var messages = Messages.Where(m => m.RunId == id).ToList();
        return new RunHistory(
            row.Run,
            [.. Steps.Where(s => s.RunId == id).OrderBy(s => s.StartedAt).ThenBy(s => s.Step).Select(Step)],
            [
                .. Files
                    .Where(f => f.RunId == id)
                    .OrderBy(f => f.Dataset, StringComparer.Ordinal)
                    .ThenBy(f => f.Role)
                    .Select(File),
            ],
            [.. Tests.Where(t => t.RunId == id).OrderBy(t => t.Name, StringComparer.Ordinal).Select(Test)],
            [.. Exports.Where(e => e.RunId == id).OrderBy(e => e.TableName, StringComparer.Ordinal).Select(Export)],
            row.ManifestUri,
            messages.Count == 0 ? null : messages.TrueForAll(m => m.Sent)
        )
        {
            ReportUri = row.ReportUri,
            Usage =
                row.DurationMs > 0
                    ? new RunUsage(TimeSpan.FromMilliseconds(row.DurationMs), row.PeakMemoryBytes)
                    : null,
        };
    }

    private static StepRecord Step(StepRow row) =>
        new(row.Step, row.Attempt, row.StartedAt, row.FinishedAt, row.Succeeded, row.Detail);

    private static FileRecord File(FileRow row) =>
        new(row.Dataset, row.Uri, row.Version, row.Sha256, row.Bytes, row.Read, row.Loaded, row.Rejected, row.Role);

    private static DataTestResult Test(TestRow row) => new(row.Name, row.Severity, row.Violations, row.Meaning);

    private static ExportRecord Export(ExportRow row) =>
        new(row.TableName, row.Uri, row.Rows, row.Bytes, row.Sha256, row.Columns);
}

/// <summary>A row of <c>etl.runs</c>: the run, and what the domain's run does not carry.</summary>
internal sealed record RunRow(Run Run, string? ManifestUri, string? ReportUri, long DurationMs, long PeakMemoryBytes);
