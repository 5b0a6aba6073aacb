using Etl.Domain.Quality;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>The stored rows of a part that repeat a key. As many as the quarantine stores, so they fit into memory.</summary>
internal sealed class DuplicateRows
{
    private readonly List<(RejectedRow Row, byte[] Key)> all = [];

    public IReadOnlyList<(RejectedRow Row, byte[] Key)> All => all;

    public void Add(RejectedRow row, ReadOnlySpan<byte> key) => all.Add((row, key.ToArray()));
}
