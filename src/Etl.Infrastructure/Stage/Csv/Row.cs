using Etl.Domain.Datasets;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>
/// A checked row is a <see cref="long"/> for each column, in the order of <see cref="Dataset.Columns"/>, as
/// <see cref="FieldType"/> describes it. A text is its offset and its length within the bytes that travel with the row:
/// those of the record, or a copy where quotes had to be removed.
/// </summary>
internal static class Row
{
    public const long Null = long.MinValue;

    public static long Text(int offset, int length) => ((long)offset << 32) | (uint)length;

    /// <param name="value">Of a text column, not NULL.</param>
    /// <param name="text">The bytes that travel with the row.</param>
    public static ReadOnlySpan<byte> TextOf(long value, ReadOnlySpan<byte> text) =>
        text.Slice((int)(value >> 32), (int)value);
}
