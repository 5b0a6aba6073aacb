using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Application.Stage;
using Etl.Application.Steps;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using MediatR;

namespace Etl.Application.Transform;

internal sealed class TransformHandler(IAnalyticsTransformer transformer, IStagingLoader loader, IRunJournal journal)
    : IRequestHandler<TransformCommand, TransformResult>
{
    public async Task<TransformResult> Handle(TransformCommand request, CancellationToken cancellationToken)
    {
        var results = await ParallelTasks.DoAsync(
            [stop => ComputeAsync(request, stop), stop => CompleteAsync(request, stop)],
            cancellationToken
        );
        var tests = results[0];
        await journal.RecordTestsAsync(request.Run, tests, cancellationToken);
        RequirePassed(tests);
        return new TransformResult(tests);
    }

    private async Task<IReadOnlyList<DataTestResult>> ComputeAsync(
        TransformCommand request,
        CancellationToken cancellationToken
    )
    {
        var sums = await transformer.BuildAsync(request.Run, request.AsOf, request.Dimensions, cancellationToken);
        FileInspection.RequireSums(request.Sums, sums);
        return await transformer.TestAsync(request.Run, cancellationToken);
    }

    /// <summary>Needed by the publish only; it does not block the transform's reads.</summary>
    private async Task<IReadOnlyList<DataTestResult>> CompleteAsync(
        TransformCommand request,
        CancellationToken cancellationToken
    )
    {
        await loader.CompleteAsync(request.Run, cancellationToken);
        return [];
    }

    private static void RequirePassed(IReadOnlyList<DataTestResult> tests)
    {
        var failed = tests.Where(t => t is { Severity: Severity.Error, Violations: > 0 }).ToList();
        if (failed.Count > 0)
        {
            throw new EtlException(
                ErrorCode.DataTest,
                $"{Counted.Of(failed.Count, "data test")} failed. {string.Join("; ", failed.Select(t => $"{t.Name}: {t}"))}.",
                "Nothing was published. Correct the source and run again; `etl runs show` lists every data test."
            );
        }
    }
}
