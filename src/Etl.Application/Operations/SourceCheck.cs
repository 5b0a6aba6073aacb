using Etl.Application.Errors;
using Etl.Application.Extract;
using Etl.Application.Runs;
using Etl.Application.Stage;
using Etl.Domain;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;

namespace Etl.Application.Operations;

/// <summary>Finds, reads and checks the files of a day as a run does. It needs no database and writes nothing.</summary>
public sealed class SourceCheck
{
    private readonly DatasetCatalog datasets;
    private readonly SnapshotFinder snapshots;
    private readonly ISourceChecker checker;
    private readonly IDimensionChecker dimensions;
    private readonly FileInspection inspection;
    private readonly IRunObserver observer;

    internal SourceCheck(
        DatasetCatalog datasets,
        SnapshotFinder snapshots,
        ISourceChecker checker,
        IDimensionChecker dimensions,
        FileInspection inspection,
        IRunObserver observer
    )
    {
        this.datasets = datasets;
        this.snapshots = snapshots;
        this.checker = checker;
        this.dimensions = dimensions;
        this.inspection = inspection;
        this.observer = observer;
    }

    /// <summary>Checks every file; an error of one dataset does not stop the checks of the others.</summary>
    /// <exception cref="EtlException">A required file is missing or empty, or the source cannot be read.</exception>
    public async Task<CheckSummary> CheckAsync(BusinessDate date, CancellationToken cancellationToken)
    {
        var found = await snapshots.FindAsync(date, cancellationToken);
        var checks = datasets
            .Delivered.Where(d => found.Files[d.Name].Any(f => f.Bytes > 0))
            .Select(d => Task.Run(() => TryAsync(d, found.Files[d.Name], cancellationToken), cancellationToken));
        var results = await Task.WhenAll(checks);
        var beside = await dimensions.CheckAsync(found.Dimensions, cancellationToken);
        return new CheckSummary(
            [.. results.SelectMany(r => r.Files)],
            [.. found.Warnings, .. results.SelectMany(r => r.Warnings), .. beside.Warnings],
            [.. results.Where(r => r.Error is not null).Select(r => r.Error!), .. beside.Errors]
        )
        {
            Sources = found.Files,
        };
    }

    private async Task<(IReadOnlyList<StagedFile> Files, IReadOnlyList<RunWarning> Warnings, EtlError? Error)> TryAsync(
        Dataset dataset,
        IReadOnlyList<SourceFile> parts,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var result = await DatasetErrors.OfDatasetAsync(
                dataset.Name,
                () => checker.CheckAsync(dataset, parts, observer, cancellationToken)
            );
            var (error, warnings) = inspection.Inspect(new StagedParts(result));
            return (result, warnings, error);
        }
        catch (EtlException exception)
        {
            return ([], [], exception.Error);
        }
    }
}

/// <summary>The result of a check.</summary>
/// <param name="Files">The files that could be read, in the datasets' order.</param>
/// <param name="Warnings">Conditions that would not stop a run.</param>
/// <param name="Errors">Errors that would stop a run.</param>
public sealed record CheckSummary(
    IReadOnlyList<StagedFile> Files,
    IReadOnlyList<RunWarning> Warnings,
    IReadOnlyList<EtlError> Errors
)
{
    /// <summary>The pinned files of each dataset.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<SourceFile>> Sources { get; init; } =
        new Dictionary<string, IReadOnlyList<SourceFile>>();

    /// <summary>All errors in one, with the code of the first; null if there are none.</summary>
    public EtlError? Error => EtlError.Combine(Errors);
}
