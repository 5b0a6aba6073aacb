using Etl.Application.Errors;
using Etl.Application.Extract;
using Etl.Application.Operations;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using MediatR;

namespace Etl.Infrastructure.Extract;

/// <summary>Whether the day's files are there and may be read: found and pinned exactly as a run does it.</summary>
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

        var words = $"{found.Detail} in {source.Describe(date)}";
        return found.Warnings.Count == 0
            ? HealthFinding.Good(words)
            : HealthFinding.Warning(string.Join(" ", found.Warnings), "Ask for the file again, if it should be there.");
    }
}
