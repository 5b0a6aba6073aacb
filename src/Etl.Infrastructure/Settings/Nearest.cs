namespace Etl.Infrastructure.Settings;

/// <summary>The known word that a mistyped one was likely meant to be.</summary>
public static class Nearest
{
    /// <summary>The word with the fewest changed letters, if they are few; else null.</summary>
    /// <param name="typed">The mistyped word.</param>
    /// <param name="known">The words that it may be.</param>
    /// <param name="most">The most changed letters; by default a third of the known word's, and two at least.</param>
    public static string? To(string typed, IEnumerable<string> known, int? most = null)
    {
        var best = known
            .Select(word => (Word: word, Distance: Distance(typed.ToUpperInvariant(), word.ToUpperInvariant())))
            .OrderBy(w => w.Distance)
            .FirstOrDefault();
        return best.Word is not null && best.Distance <= (most ?? Math.Max(2, best.Word.Length / 3)) ? best.Word : null;
    }

    /// <summary>Letters to add, drop or change on the way from one word to the other.</summary>
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var changed = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
