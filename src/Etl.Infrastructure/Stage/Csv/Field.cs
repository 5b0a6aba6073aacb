namespace Etl.Infrastructure.Stage.Csv;

/// <summary>A field within its record, without the quotes around it.</summary>
/// <param name="Start">Place of its first byte.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Escape">The byte before each quote inside, which is removed; 0 where there is none.</param>
/// <param name="Quote">The quote.</param>
internal readonly record struct Field(int Start, int Length, byte Escape = 0, byte Quote = 0)
{
    /// <summary>The value: escapes undone, blanks around it taken off.</summary>
    public ReadOnlySpan<byte> ValueIn(ReadOnlySpan<byte> record)
    {
        var value = record.Slice(Start, Length);
        return Dialect.Trim(Escape == 0 ? value : Unescape(value));
    }

    /// <summary>An escape stands before a quote or itself. Rare, and never a value of the three files: an allocation does no harm.</summary>
    private byte[] Unescape(ReadOnlySpan<byte> value)
    {
        var plain = new List<byte>(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == Escape && i + 1 < value.Length && (value[i + 1] == Quote || value[i + 1] == Escape))
            {
                i++;
            }

            plain.Add(value[i]);
        }

        return [.. plain];
    }
}
