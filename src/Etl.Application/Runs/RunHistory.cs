using Etl.Domain.Quality;
using Etl.Domain.Runs;

namespace Etl.Application.Runs;

/// <summary>A run with all that the ledger recorded of it.</summary>
/// <param name="Run">The run.</param>
/// <param name="Steps">Its steps, in order of their start; a step that was begun again appears once for each attempt.</param>
/// <param name="Files">Its files, by dataset.</param>
/// <param name="Tests">Its data tests, by name.</param>
/// <param name="Exports">Its exports, by table.</param>
/// <param name="ManifestUri">Its manifest, or null.</param>
/// <param name="MessageSent">True or false by whether its message went out; null where there is none.</param>
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
    /// <summary>Its HTML report, or null.</summary>
    public string? ReportUri { get; init; }

    /// <summary>What its work took, as far as it was recorded; null where nothing was.</summary>
    public RunUsage? Usage { get; init; }

    /// <summary>What became of a dataset's rows, all its files together; null where the run has no file of it.</summary>
    public RowCounts? RowCountsOf(string dataset)
    {
        var files = Files.Where(f => f.Dataset == dataset).ToList();
        return files.Count == 0
            ? null
            : files.Aggregate(default(RowCounts), (sum, f) => sum + new RowCounts(f.Read, f.Loaded, f.Rejected));
    }

    /// <summary>The snapshot that a dataset's rows come from, before anything was corrected; null where there is none.</summary>
    public FileRecord? SnapshotOf(string dataset) =>
        Files.FirstOrDefault(f => f.Dataset == dataset && f.Role != FileRole.Corrected);
}

/// <summary>One execution of a step.</summary>
/// <param name="Step">The step.</param>
/// <param name="Attempt">The run's attempt that it belongs to, from 1.</param>
/// <param name="StartedAt">When it began, UTC.</param>
/// <param name="FinishedAt">When it ended, UTC; null while it goes on, and where its host died.</param>
/// <param name="Succeeded">Whether it ended well; null while it goes on.</param>
/// <param name="Detail">Its result in a few words, or null.</param>
public sealed record StepRecord(
    Step Step,
    int Attempt,
    DateTimeOffset StartedAt,
    DateTimeOffset? FinishedAt,
    bool? Succeeded,
    string? Detail
);

/// <summary>A file that a run read.</summary>
/// <param name="Dataset">The dataset's name.</param>
/// <param name="Uri">Its location; empty where it was allowed to be missing.</param>
/// <param name="Version">What pinned it.</param>
/// <param name="Sha256">Its content's hash, lower-case hex.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Read">Records read.</param>
/// <param name="Loaded">Rows loaded.</param>
/// <param name="Rejected">Rows rejected.</param>
/// <param name="Role">What the file is to the run; a replay has a base and perhaps a corrected file of each dataset.</param>
public sealed record FileRecord(
    string Dataset,
    string Uri,
    string Version,
    string Sha256,
    long Bytes,
    long Read,
    long Loaded,
    long Rejected,
    FileRole Role = FileRole.Source
);

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
