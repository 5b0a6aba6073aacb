using Etl.Domain.Datasets;
using Etl.Domain.Quality;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>
/// Finds the first row of the keys that repeat within the parts of a dataset. Only the keys of stored rejects are looked for, in
/// another reading of the parts: to remember the place of every key would cost many times the memory of the keys.
/// </summary>
internal sealed class FirstRows(Dataset dataset, SnapshotReader reader)
{
    /// <summary>Names the part and line of its first row in the message of each row that repeats a key.</summary>
    /// <param name="parts">The parts in order; their tallies get the new messages.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The rows with their new messages, each with the name of its part.</returns>
    public async Task<IReadOnlyList<(string Part, RejectedRow Row)>> NameAsync(
        IReadOnlyList<ReadPart> parts,
        CancellationToken cancellationToken
    )
    {
        var repeated = parts
            .SelectMany(p => (p.Result.Validator.Duplicates?.All ?? []).Select(d => (Part: p, d.Row, d.Key)))
            .ToList();
        var places = await FindAsync(parts, repeated.ConvertAll(d => d.Key), cancellationToken);
        var rejected = repeated.Select(d => new Place(d.Part.File.Path, d.Row.Line)).ToHashSet();
        var named = new List<(string Part, RejectedRow Row)>();
        foreach (var (part, row, key) in repeated)
        {
            // The first row of a key that a published row has is in none of the parts.
            if (places.GetValueOrDefault(key) is { } place && !rejected.Contains(place))
            {
                var message = RejectMessage.WithFirst(row.Message, place.Part, place.Line);
                var renamed = row with { Message = message };
                part.Result.Validator.Rejects.Replace(row, renamed);
                named.Add((part.File.Path, renamed));
            }
        }

        return named;
    }

    private async Task<Dictionary<byte[], Place?>> FindAsync(
        IReadOnlyList<ReadPart> parts,
        IReadOnlyList<byte[]> keys,
        CancellationToken cancellationToken
    )
    {
        var places = new Dictionary<byte[], Place?>(new KeyBytes());
        foreach (var key in keys)
        {
            places[key] = null;
        }

        var missing = places.Count;
        foreach (var part in parts)
        {
            if (missing == 0)
            {
                break;
            }

            var finder = new Finder(dataset, part.File.Path, places);
            await reader.ReadAgainAsync(dataset, part.File, part.Result, finder, cancellationToken);
            missing -= finder.Found;
        }

        return places;
    }

    private sealed record Place(string Part, long Line);

    /// <summary>Notes the place of the first row of each key.</summary>
    private sealed class Finder(Dataset dataset, string part, Dictionary<byte[], Place?> places)
        : RowValidator(dataset, new CountingSink(), new KeyLookup(dataset, budgetBytes: 0))
    {
        private readonly Dictionary<byte[], Place?>.AlternateLookup<ReadOnlySpan<byte>> byKey =
            places.GetAlternateLookup<ReadOnlySpan<byte>>();

        public int Found { get; private set; }

        public override void Accept(
            long[] row,
            ReadOnlySpan<byte> text,
            long line,
            long offset,
            ReadOnlySpan<byte> record
        )
        {
            Read++;
            var key = Keys.Encode(row, text);
            if (byKey.TryGetValue(key, out var place) && place is null)
            {
                byKey[key] = new Place(part, line);
                Found++;
            }
        }

        public override void Reject(RowError error, long line, long offset, ReadOnlySpan<byte> record) => Read++;
    }

    /// <summary>Compares keys, as <see cref="RowKey"/> encodes them, by their bytes.</summary>
    private sealed class KeyBytes : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate) => (int)KeySet.HashOf(alternate);

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
