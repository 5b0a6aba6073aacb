using Etl.Application.Errors;
using Etl.Application.Extract;
using Etl.Application.Operations;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using MediatR;

namespace Etl.Infrastructure.Extract;

/// <summary>Checks that the day's files exist and can be read, with the same command as a run.</summary>
internal sealed class SourceHealth(
    Func<ISourceStore> open,
    Func<IRequestHandler<ExtractCommand, ExtractResult>> extract
) : IHealthCheck
{
    public string Name => "source";

    public ErrorCode Cause => ErrorCode.SourceUnreadable;

    public async Task<HealthFinding> CheckAsync(BusinessDate date, CancellationToken cancellationToken)
    {
        var source = open();
        var found = await extract().Handle(new ExtractCommand(new RunId(date, 1), 1), cancellationToken);
        foreach (var file in found.Files.Values.OfType<SourceFile>())
        {
            await using var stream = await source.OpenAsync(file, cancellationToken);
        }

        var message = $"{found.Detail} in {source.Describe(date)}";
        return found.Warnings.Count == 0
            ? HealthFinding.Good(message)
            : HealthFinding.Warning(
                string.Join(" ", found.Warnings),
                "Request the missing file again if the day should have one."
            );
    }
}
