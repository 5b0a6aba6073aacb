using System.Runtime.InteropServices;
using Etl.Domain.Datasets;
using Etl.Infrastructure.Stage.Copy;
using Etl.Infrastructure.Stage.Csv;

namespace Etl.Infrastructure.Stage.Rollups;

/// <summary>
/// The rows of a <see cref="Rollup"/>, computed from those that a loader accepts, of all parts of a dataset. Exact, or void:
/// where the groups exceed the memory or a sum exceeds 64 bits.
/// </summary>
internal sealed class RollupTally
{
    /// <summary>About 25,000 groups of the widest rollup.</summary>
    public const long DefaultBudget = 4 << 20;

    private readonly int keyIndex;
    private readonly bool isText;
    private readonly Cell[] cells;
    private readonly RowWriter writer;
    private GroupIndex groups;
    private long[] values = [];
    private long overflow;
    private bool isVoid;

    private RollupTally(Rollup rollup, Dataset dataset, long budgetBytes)
    {
        var columns = dataset.Columns.ToList();
        Rollup = rollup;
        keyIndex = Place(rollup.Key);
        isText = columns[keyIndex].Type.IsText;
        cells =
        [
            .. rollup.Measures.Select(m =>
            {
                var places = m.Columns.Select(Place).Concat([0, 0, 0]).ToList();
                return new Cell(m.Kind, places[0], places[1], places[2], m.Value);
            }),
        ];
        writer = new RowWriter([
            columns[keyIndex].Type.Copy,
            .. rollup.Measures.Select(m => EncodingOf(m, m.Columns.Select(c => columns[Place(c)]))),
        ]);
        groups = new GroupIndex(budgetBytes, 2 * sizeof(long) * cells.Length);

        int Place(string name) => columns.FindIndex(c => c.Name == name);
    }

    public Rollup Rollup { get; }

    /// <summary>Whether the rows are unknown, so that the statement has to be executed.</summary>
    public bool IsVoid => isVoid || overflow < 0 || values.Contains(Row.Null);

    /// <summary>An empty one; null if the loader cannot compute it from the columns as settings declare them.</summary>
    public static RollupTally? Begin(Rollup rollup, Dataset dataset, long budgetBytes = DefaultBudget)
    {
        var known = rollup.Measures.SelectMany(m => m.Columns).Append(rollup.Key).All(n => Find(n) is not null);
        var isComputable =
            known
            && Find(rollup.Key) is { Nullable: false, IsOptional: false }
            && rollup.Measures.All(m => m.IsComputable([.. m.Columns.Select(c => Find(c)!)]));
        return isComputable ? new RollupTally(rollup, dataset, budgetBytes) : null;

        Column? Find(string name) => dataset.Columns.FirstOrDefault(c => c.Name == name);
    }

    /// <summary>For rows that were added and are removed after all. Releases the memory.</summary>
    public void Void() => (isVoid, values, groups) = (true, [], new GroupIndex(0, 0));

    /// <param name="row">The values; see <see cref="Row"/>.</param>
    /// <param name="text">The bytes that hold the texts of the row.</param>
    public void Add(ReadOnlySpan<long> row, ReadOnlySpan<byte> text)
    {
        if (isVoid)
        {
            return;
        }

        var key = isText ? Row.TextOf(row[keyIndex], text) : MemoryMarshal.AsBytes(row.Slice(keyIndex, 1));
        var group = groups.NumberOf(key);
        if (group < 0)
        {
            Void();
            return;
        }

        GroupIndex.Grow(ref values, (group + 1) * cells.Length);
        var sums = values.AsSpan(group * cells.Length, cells.Length);
        for (var i = 0; i < cells.Length; i++)
        {
            var (before, added) = (sums[i], cells[i].Of(row));
            var sum = before + added;
            overflow |= (before ^ sum) & (added ^ sum); // negative where both have another sign than their sum
            sums[i] = sum;
        }
    }

    /// <summary>Sends the rows.</summary>
    public async Task WriteAsync(CopyStream copy, CancellationToken cancellationToken)
    {
        for (var group = 0; group < groups.Count; group++)
        {
            Write(copy.Buffer, group);
            if (copy.IsFull)
            {
                await copy.FlushAsync(cancellationToken);
            }
        }
    }

    private void Write(CopyBuffer to, int group)
    {
        var key = groups[group];
        Span<long> row = stackalloc long[cells.Length + 1];
        row[0] = isText ? Row.Text(0, key.Length) : MemoryMarshal.Read<long>(key);
        values.AsSpan(group * cells.Length, cells.Length).CopyTo(row[1..]);
        writer.Write(to, row, key);
    }

    /// <summary>The type that PostgreSQL gives the expression: bigint, but numeric for the sum of numerics.</summary>
    private static CopyEncoding EncodingOf(Rollup.Measure measure, IEnumerable<Column> columns) =>
        measure.Kind == Rollup.MeasureKind.Sum && columns.First().Type.Copy == CopyEncoding.Hundredths
            ? CopyEncoding.Hundredths
            : CopyEncoding.EightBytes;

    /// <summary>A measure in the shape that the inner loop reads.</summary>
    private readonly record struct Cell(Rollup.MeasureKind Kind, int First, int Second, int Third, long Value)
    {
        public long Of(ReadOnlySpan<long> row) =>
            Kind switch
            {
                Rollup.MeasureKind.Rows => 1,
                Rollup.MeasureKind.Sum => row[First],
                Rollup.MeasureKind.RowsEqual => row[First] == Value ? 1 : 0,
                _ => (Int128)row[Second] * row[Third] == row[First] ? 0 : 1,
            };
    }
}
