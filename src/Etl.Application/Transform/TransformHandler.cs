using Etl.Application.Errors;
using Etl.Application.Publish;
using Etl.Application.Runs;
using Etl.Application.Stage;
using Etl.Application.Steps;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using MediatR;

namespace Etl.Application.Transform;

internal sealed class TransformHandler(
    IAnalyticsTransformer transformer,
    IStagingLoader loader,
    IPublisher publisher,
    IRunJournal journal
) : IRequestHandler<TransformCommand, TransformResult>
{
    public async Task<TransformResult> Handle(TransformCommand request, CancellationToken cancellationToken)
    {
        var done = await ParallelTasks.DoAsync(
            [stop => ComputeAsync(request, stop), stop => ProveAsync(request, stop)],
            cancellationToken
        );
        var tests = done[0];
        await journal.RecordTestsAsync(request.Run, tests, cancellationToken);
        RequireSound(tests);
        var held = await publisher.PublishAsync(request.Run, cancellationToken);
        return new TransformResult(tests, held);
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

    /// <summary>Only the publish needs it, and it hinders nobody who reads the tables.</summary>
    private async Task<IReadOnlyList<DataTestResult>> ProveAsync(
        TransformCommand request,
        CancellationToken cancellationToken
    )
    {
        await loader.CompleteAsync(request.Run, cancellationToken);
        return [];
    }

    private static void RequireSound(IReadOnlyList<DataTestResult> tests)
    {
        var broken = tests.Where(t => t is { Severity: Severity.Error, Violations: > 0 }).ToList();
        if (broken.Count > 0)
        {
            var findings = string.Join("; ", broken.Select(t => $"{t.Name}: {t.Violations} {t.Meaning}"));
            throw new EtlException(
                ErrorCode.DataTest,
                $"Data tests failed before the publish. {findings}",
                "Nothing was published. Mend the source, and run again; `etl runs show` lists every data test."
            );
        }
    }
}
