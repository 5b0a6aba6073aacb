using Etl.Application.Ports;
using Etl.Application.Settings;
using Etl.Domain.Quality;
using Etl.Domain.Rows;
using Etl.Infrastructure.Csv;
using Microsoft.Extensions.Options;

namespace Etl.Infrastructure.Staging;

internal sealed class SourceChecker(ISourceStore source, IOptions<QualityOptions> quality) : ISourceChecker
{
    public async Task<StagedFile> CheckAsync(
        Dataset dataset,
        SourceFile file,
        IProgress<LoadProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var reader = new SnapshotReader(source, ParserSettings.Of(quality.Value));
        var result = await reader.ReadAsync(dataset, file, new CountingSink(), progress, cancellationToken);
        var judge = result.Judge;
        return result.Stage(dataset, file, new Books(judge.Read, judge.Accepted, judge.Rejects.Total));
    }
}
