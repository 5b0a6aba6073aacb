using Etl.Application.Errors;
using Etl.Application.Extract;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Datasets;
using Etl.Infrastructure.Stage.Csv;
using Microsoft.Extensions.Options;

namespace Etl.Infrastructure.Transform;

/// <summary>
/// Reads the optional files beside the sources by the reader of the snapshots, in the format of their sections. They are
/// small and written by people: any error in them stops the run.
/// </summary>
internal sealed class DimensionReader(ISourceStore source, OptionalDatasets datasets, IOptions<QualityOptions> quality)
{
    /// <summary>Largest file and largest content of a compressed one, bytes. A larger dimension should be a dataset.</summary>
    internal const long MaxBytes = 64L << 20;

    private readonly ParserSettings settings = ParserSettings.Of(quality.Value);

    /// <summary>The files as the settings declare them.</summary>
    public OptionalDatasets Datasets => datasets;

    /// <summary>Passes on each row of a file, in order.</summary>
    /// <exception cref="EtlException">Too large, a wrong header, a row that a snapshot would reject.</exception>
    public async Task ReadAsync(
        Dataset dataset,
        SourceFile file,
        Func<DimensionRow, ValueTask> take,
        CancellationToken cancellationToken
    )
    {
        if (file.Bytes is 0 or > MaxBytes)
        {
            throw DimensionErrors.Size(file, file.Bytes);
        }

        var rows = new DimensionRows(dataset, file, new DimensionSink(take));
        await new SnapshotReader(source, settings).ReadAsync(dataset, file, rows, progress: null, cancellationToken);
    }
}
