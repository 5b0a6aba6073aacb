using Etl.Domain.Datasets;
using Etl.Domain.Quality;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>Counts the rejected rows of a file by code and keeps the first few.</summary>
internal sealed class RejectTally
{
    /// <summary>As many as a message or a terminal shows.</summary>
    public const int FirstRows = 10;

    private readonly long[] counts = new long[RejectCodes.All.Count + 1];
    private List<RejectedRow> first = [];

    public long Total { get; private set; }

    public bool WantsRow => first.Count < FirstRows;

    public IReadOnlyList<RejectedRow> First => first;

    public void Count(RejectCode code)
    {
        counts[(int)code]++;
        Total++;
    }

    public void Keep(RejectedRow row)
    {
        if (WantsRow)
        {
            first.Add(row);
        }
    }

    /// <summary>Keeps another text of a row, if the row is among the first.</summary>
    public void Replace(RejectedRow row, RejectedRow by)
    {
        if (first.IndexOf(row) is >= 0 and var place)
        {
            first[place] = by;
        }
    }

    /// <summary>Forgets the rows of a code: another tally brings them.</summary>
    public void Drop(RejectCode code)
    {
        Total -= counts[(int)code];
        counts[(int)code] = 0;
        first.RemoveAll(r => r.Code == code);
    }

    /// <summary>Adds what a second look at the file found; the first few rows stay in file order.</summary>
    public void Add(RejectTally other)
    {
        for (var code = 0; code < counts.Length; code++)
        {
            counts[code] += other.counts[code];
        }

        Total += other.Total;
        first = [.. first.Concat(other.first).OrderBy(r => r.ByteOffset).Take(FirstRows)];
    }

    public IReadOnlyDictionary<RejectCode, long> ByCode() =>
        RejectCodes.All.Where(c => counts[(int)c] > 0).ToDictionary(c => c, c => counts[(int)c]);
}
