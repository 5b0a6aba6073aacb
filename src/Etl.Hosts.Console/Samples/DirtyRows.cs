using Etl.Domain.Datasets;

namespace Etl.Hosts.Console.Samples;

/// <summary>Makes rows invalid: each by exactly one error, and all errors that a file can have in turn.</summary>
internal sealed class DirtyRows
{
    /// <summary>A record over the default size limit. One per sample is enough.</summary>
    private const int TooLong = (1 << 20) + 1000;

    private static readonly byte[] TruncatedPair = [0xC3, (byte)'('];
    private static readonly byte[] LoneByte = [0xFF];

    private readonly Dataset dataset;
    private readonly Xoshiro random;
    private readonly int inAMillion;
    private readonly List<RejectCode> kinds;
    private byte[] earlierKey = [];
    private int turn;

    /// <param name="dataset">The dataset of the rows.</param>
    /// <param name="options">The share of invalid rows, and the seed.</param>
    /// <param name="stream">The stream of random numbers.</param>
    /// <param name="hasLongRecord">Whether one record is over the size limit.</param>
    public DirtyRows(Dataset dataset, SampleOptions options, int stream, bool hasLongRecord)
    {
        this.dataset = dataset;
        random = new Xoshiro(options.Seed, stream);
        inAMillion = (int)(options.DirtyPercent * 10_000);
        kinds = [.. RejectCodes.All.Where(c => Applies(c, dataset, hasLongRecord))];
    }

    /// <summary>Leaves the row unchanged, or makes it invalid.</summary>
    /// <returns>The rejection that a load must report; null for none.</returns>
    public PlantedError? Visit(RowBuffer row)
    {
        if (inAMillion == 0 || !random.Happens(inAMillion))
        {
            Remember(row);
            return null;
        }

        var code = kinds[turn++ % kinds.Count];
        if (code == RejectCode.DuplicateKey && earlierKey.Length == 0)
        {
            code = RejectCode.FieldCount;
        }

        var column = Choose(code);
        Corrupt(row, code, column);
        return new PlantedError(code, column < 0 ? null : dataset.Columns[column].Name);
    }

    /// <summary>Only a valid row makes its key known, so only its key can be repeated.</summary>
    private void Remember(RowBuffer row)
    {
        if (inAMillion > 0 && dataset.KeyIndexes.Count == 1)
        {
            earlierKey = row.Field(dataset.KeyIndexes[0]).ToArray();
        }
    }

    private int Choose(RejectCode code)
    {
        var columns = Enumerable.Range(0, dataset.Columns.Count).Where(i => Concerns(code, dataset, i)).ToList();
        return columns.Count == 0 ? -1 : columns[random.Below(columns.Count)];
    }

    private void Corrupt(RowBuffer row, RejectCode code, int column)
    {
        switch (code)
        {
            case RejectCode.FieldCount when random.Below(2) == 0:
                row.DropLast();
                break;
            case RejectCode.FieldCount:
                row.Put("surplus"u8);
                break;
            case RejectCode.RecordTooLong:
                var filler = new byte[TooLong];
                filler.AsSpan().Fill((byte)'9');
                row.Replace(0, filler);
                kinds.Remove(RejectCode.RecordTooLong);
                break;
            case RejectCode.NullNotAllowed:
                row.Replace(column, []);
                break;
            case RejectCode.BadUtf8:
                row.Replace(column, [.. row.Field(column), .. random.Below(2) == 0 ? TruncatedPair : LoneByte]);
                break;
            case RejectCode.UnclosedQuote:
                row.Replace(column, [(byte)'"', .. row.Field(column), .. "\"x"u8]);
                break;
            case RejectCode.DuplicateKey:
                row.Replace(column, earlierKey);
                break;
            default:
                var wrong = WrongValues.Of(code, dataset.Columns[column].Type);
                row.Replace(column, wrong[random.Below(wrong.Length)]);
                break;
        }
    }

    private static bool Applies(RejectCode code, Dataset dataset, bool hasLongRecord) =>
        code switch
        {
            RejectCode.FieldCount => true,
            RejectCode.RecordTooLong => hasLongRecord,
            _ => Enumerable.Range(0, dataset.Columns.Count).Any(i => Concerns(code, dataset, i)),
        };

    private static bool Concerns(RejectCode code, Dataset dataset, int column) =>
        code switch
        {
            RejectCode.FieldCount or RejectCode.RecordTooLong => false,
            RejectCode.NullNotAllowed => !dataset.Columns[column].Nullable,
            RejectCode.BadUtf8 or RejectCode.UnclosedQuote => true,
            RejectCode.DuplicateKey => dataset.KeyIndexes is [var key] && column == key,
            _ => WrongValues.Of(code, dataset.Columns[column].Type).Length > 0,
        };
}

/// <summary>An error that was written into a row, as a load must report it.</summary>
/// <param name="Code">The code.</param>
/// <param name="Column">The column; null where the error is in the whole record.</param>
internal readonly record struct PlantedError(RejectCode Code, string? Column);
