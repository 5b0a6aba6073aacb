namespace Etl.Infrastructure.Stage.Csv;

/// <summary>A field within its record, without the quotes around it.</summary>
/// <param name="Start">Place of its first byte.</param>
/// <param name="Length">Bytes.</param>
/// <param name="HasDoubledQuotes">Whether doubled quotes inside stand for one.</param>
internal readonly record struct Field(int Start, int Length, bool HasDoubledQuotes)
{
    /// <summary>The value: quotes undone, blanks around it taken off.</summary>
    public ReadOnlySpan<byte> ValueIn(ReadOnlySpan<byte> record)
    {
        var value = record.Slice(Start, Length);
        return Dialect.Trim(HasDoubledQuotes ? Undouble(value) : value);
    }

    /// <summary>Rare, and never a value of the three files: an allocation does no harm.</summary>
    private static byte[] Undouble(ReadOnlySpan<byte> value)
    {
        var single = new List<byte>(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            single.Add(value[i]);
            if (value[i] == Dialect.Quote)
            {
                i++;
            }
        }

        return [.. single];
    }
}
