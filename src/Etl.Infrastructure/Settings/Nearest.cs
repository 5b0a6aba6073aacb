namespace Etl.Infrastructure.Settings;

/// <summary>Suggests a known name for a mistyped one.</summary>
public static class Nearest
{
    /// <summary>The known name with the smallest edit distance, or null if that distance is too large.</summary>
    /// <param name="typed">The mistyped name.</param>
    /// <param name="known">The known names.</param>
    /// <param name="maxDistance">Maximum edit distance; by default a third of the known name's length, at least 2.</param>
    public static string? To(string typed, IEnumerable<string> known, int? maxDistance = null)
    {
        var best = known
            .Select(name => (Name: name, Distance: Distance(typed.ToUpperInvariant(), name.ToUpperInvariant())))
            .OrderBy(n => n.Distance)
            .FirstOrDefault();
        return best.Name is not null && best.Distance <= (maxDistance ?? Math.Max(2, best.Name.Length / 3))
            ? best.Name
            : null;
    }

    /// <summary>Levenshtein distance: the number of letters to add, remove or change.</summary>
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
