using Etl.Application.Errors;
using Etl.Application.Ports;
using Etl.Domain.Quality;
using MediatR;

namespace Etl.Application.Transform;

internal sealed class TransformHandler(IAnalyticsTransformer transformer, IPublisher publisher, IRunLedger ledger)
    : IRequestHandler<TransformCommand, TransformResult>
{
    public async Task<TransformResult> Handle(TransformCommand request, CancellationToken cancellationToken)
    {
        await transformer.BuildAsync(request.Run, request.AsOf, request.Dimensions, cancellationToken);
        var tests = await transformer.TestAsync(request.Run, cancellationToken);
        await ledger.RecordTestsAsync(request.Run, tests, cancellationToken);
        RequireSound(tests);
        var held = await publisher.PublishAsync(request.Run, cancellationToken);
        return new TransformResult(tests, held);
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
