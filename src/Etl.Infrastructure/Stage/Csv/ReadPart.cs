using Etl.Application.Runs;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>A part of a dataset, and what was read of it. A dataset of one file has one part.</summary>
internal sealed record ReadPart(SourceFile File, SnapshotResult Result)
{
    /// <summary>Checks the rows of the next part, which may repeat keys of those before it.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="sink">Where its rows go.</param>
    /// <param name="keys">The keys of the parts before it.</param>
    /// <param name="isAlone">Whether the dataset has no other part.</param>
    /// <param name="describe">See <see cref="RowValidator.Describe"/>.</param>
    public static RowValidator Validator(
        Dataset dataset,
        IRowSink sink,
        KeyLookup keys,
        bool isAlone,
        Func<RejectedRow, RejectedRow>? describe = null
    ) => new(dataset, sink, keys) { Duplicates = isAlone ? null : new DuplicateRows(), Describe = describe };
}
