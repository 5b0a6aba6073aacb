using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.Domain.Runs;

namespace Etl.Application.Runs;

/// <summary>A run with all that the ledger recorded of it.</summary>
/// <param name="Run">The run.</param>
/// <param name="Steps">Its steps, in order of their start; a repeated step appears once for each attempt.</param>
/// <param name="Files">Its files, by dataset and part.</param>
/// <param name="Tests">Its data tests, by name.</param>
/// <param name="Exports">Its exports, by table.</param>
/// <param name="ManifestUri">Its manifest, or null.</param>
/// <param name="MessageSent">Whether its message was sent; null if there is none.</param>
public sealed record RunHistory(
    Run Run,
    IReadOnlyList<StepRecord> Steps,
    IReadOnlyList<FileRecord> Files,
    IReadOnlyList<DataTestResult> Tests,
    IReadOnlyList<ExportRecord> Exports,
    string? ManifestUri,
    bool? MessageSent
)
{
    /// <summary>The extensions that its rows were loaded with: those of the last attempt that read files.</summary>
    public IReadOnlyList<ExtensionFile> Extensions { get; init; } = [];

    /// <summary>Its HTML report, or null.</summary>
    public string? ReportUri { get; init; }

    /// <summary>Its usage; null if none is recorded.</summary>
    public RunUsage? Usage { get; init; }

    /// <summary>Row counts of all files of a dataset; null if the run has no file of it.</summary>
    public RowCounts? RowCountsOf(string dataset)
    {
        var files = Files.Where(f => f.Dataset == dataset).ToList();
        return files.Count == 0 ? null : files.Aggregate(default(RowCounts), (sum, f) => sum + f.RowCounts);
    }

    /// <summary>The parts of the snapshot of a dataset, without corrected rows; none if there is no snapshot.</summary>
    public IReadOnlyList<FileRecord> SnapshotOf(string dataset) =>
        [.. Files.Where(f => f.Dataset == dataset && f.Role != FileRole.Corrected)];
}

/// <summary>The unsuccessful starts of a business date with one cause, with a run or without one.</summary>
/// <param name="BusinessDate">The requested day.</param>
/// <param name="Cause">Error code, dataset and SQLSTATE, as in <c>reject_limit:orders</c>.</param>
/// <param name="Count">Number of starts.</param>
/// <param name="Repeats">The starts of them that no message has reported yet.</param>
/// <param name="FirstAt">When the first one ended, UTC.</param>
/// <param name="LastAt">When the last one ended, UTC.</param>
public sealed record FailedStarts(
    BusinessDate BusinessDate,
    string Cause,
    long Count,
    long Repeats,
    DateTimeOffset FirstAt,
    DateTimeOffset LastAt
);

/// <summary>One execution of a step.</summary>
/// <param name="Step">The step.</param>
/// <param name="Attempt">The run's attempt that it belongs to, from 1.</param>
/// <param name="StartedAt">When it started, UTC.</param>
/// <param name="FinishedAt">When it ended, UTC; null while it is in progress, or if its host died.</param>
/// <param name="Succeeded">Whether it succeeded; null while it is in progress.</param>
/// <param name="Detail">Its result in one line, or null.</param>
public sealed record StepRecord(
    Step Step,
    int Attempt,
    DateTimeOffset StartedAt,
    DateTimeOffset? FinishedAt,
    bool? Succeeded,
    string? Detail
);

/// <summary>The result of a data test.</summary>
/// <param name="Name">The test's name, that of its <c>.sql</c> file.</param>
/// <param name="Severity">What violations do to the run.</param>
/// <param name="Violations">Number of violating rows.</param>
/// <param name="Meaning">One line: what a violating row is.</param>
public sealed record DataTestResult(string Name, Severity Severity, long Violations, string Meaning)
{
    /// <summary>The number of violations and their meaning.</summary>
    public override string ToString() => $"{Violations} {Meaning}";
}

/// <summary>A table that a run exported.</summary>
/// <param name="Table">The table's name.</param>
/// <param name="Uri">The run-keyed object.</param>
/// <param name="Rows">Data rows.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its content's hash, lower-case hex.</param>
/// <param name="Columns">The header's names, in order.</param>
public sealed record ExportRecord(
    string Table,
    string Uri,
    long Rows,
    long Bytes,
    string Sha256,
    IReadOnlyList<string> Columns
);
