using Etl.Application.Errors;
using Etl.Application.Extract;
using Etl.Application.Runs;
using Etl.Application.Stage;
using Etl.Domain;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;
using MediatR;

namespace Etl.Application.Operations;

/// <summary>Finds, reads and judges the files of a day exactly as a run does; needs no database and writes nothing.</summary>
public sealed class SourceCheck
{
    private readonly DatasetCatalog datasets;
    private readonly IRequestHandler<ExtractCommand, ExtractResult> extract;
    private readonly ISourceChecker checker;
    private readonly FileInspection inspection;
    private readonly IRunObserver observer;

    internal SourceCheck(
        DatasetCatalog datasets,
        IRequestHandler<ExtractCommand, ExtractResult> extract,
        ISourceChecker checker,
        FileInspection inspection,
        IRunObserver observer
    )
    {
        this.datasets = datasets;
        this.extract = extract;
        this.checker = checker;
        this.inspection = inspection;
        this.observer = observer;
    }

    /// <summary>Checks every file; what is wrong with one does not keep the others from being checked.</summary>
    /// <exception cref="EtlException">A file is missing or empty and may not be, or the source cannot be read.</exception>
    public async Task<CheckSummary> CheckAsync(BusinessDate date, CancellationToken cancellationToken)
    {
        var found = await extract.Handle(new ExtractCommand(new RunId(date, 1), 1), cancellationToken);
        var checks = datasets
            .All.Where(d => found.Files[d.Name] is { Bytes: > 0 })
            .Select(d => Task.Run(() => TryAsync(d, found.Files[d.Name]!, cancellationToken), cancellationToken));
        var results = await Task.WhenAll(checks);
        return new CheckSummary(
            [.. results.Where(r => r.File is not null).Select(r => r.File!)],
            [.. found.Warnings, .. results.SelectMany(r => r.Warnings)],
            [.. results.Where(r => r.Error is not null).Select(r => r.Error!)]
        );
    }

    private async Task<(StagedFile? File, IReadOnlyList<string> Warnings, EtlError? Error)> TryAsync(
        Dataset dataset,
        SourceFile file,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var result = await checker.CheckAsync(dataset, file, observer, cancellationToken);
            var (error, warnings) = inspection.Look(result);
            return (result, warnings, error);
        }
        catch (EtlException exception)
        {
            return (null, [], exception.Error);
        }
    }
}

/// <summary>What a check found.</summary>
/// <param name="Files">The files that could be read, in the datasets' order.</param>
/// <param name="Warnings">What people should know and that would not stop a run.</param>
/// <param name="Errors">What would stop a run.</param>
public sealed record CheckSummary(
    IReadOnlyList<StagedFile> Files,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<EtlError> Errors
)
{
    /// <summary>All that would stop a run, under the code of the first; null where nothing would.</summary>
    public EtlError? Error =>
        Errors.Count == 0 ? null : Errors[0] with { Message = string.Join(" ", Errors.Select(e => e.Message)) };
}
