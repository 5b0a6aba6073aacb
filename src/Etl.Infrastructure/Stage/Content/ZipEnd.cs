using System.Buffers.Binary;

namespace Etl.Infrastructure.Stage.Content;

/// <summary>The directory at the end of a zip archive.</summary>
/// <param name="Entries">Number of its entries.</param>
/// <param name="Crc">CRC-32 of the first entry's content.</param>
internal sealed record ZipEnd(long Entries, uint Crc)
{
    /// <summary>Bytes at the end that hold the directory of one entry, with the longest names and comments.</summary>
    public const int MaxBytes = 4 * (ushort.MaxValue + 100);

    private const int RecordBytes = 22;
    private const int LocatorBytes = 20;

    private static ReadOnlySpan<byte> Record => [(byte)'P', (byte)'K', 5, 6];

    private static ReadOnlySpan<byte> LongRecord => [(byte)'P', (byte)'K', 6, 6];

    private static ReadOnlySpan<byte> Locator => [(byte)'P', (byte)'K', 6, 7];

    private static ReadOnlySpan<byte> FirstEntry => [(byte)'P', (byte)'K', 1, 2];

    /// <param name="tail">The last bytes of the archive.</param>
    /// <exception cref="InvalidDataException">The archive has no directory: it is cut off or damaged.</exception>
    public static ZipEnd Read(ReadOnlySpan<byte> tail)
    {
        var at = FindRecord(tail);
        var entries = (long)BinaryPrimitives.ReadUInt16LittleEndian(tail[(at + 10)..]);
        var size = (long)BinaryPrimitives.ReadUInt32LittleEndian(tail[(at + 12)..]);
        var end = at;
        if (at >= LocatorBytes && tail[(at - LocatorBytes)..].StartsWith(Locator))
        {
            end = tail[..at].LastIndexOf(LongRecord);
            if (end < 0 || at - end < 56)
            {
                throw new InvalidDataException("The archive has no directory.");
            }

            entries = BinaryPrimitives.ReadInt64LittleEndian(tail[(end + 32)..]);
            size = BinaryPrimitives.ReadInt64LittleEndian(tail[(end + 40)..]);
        }

        if (entries != 1)
        {
            return new ZipEnd(entries, 0);
        }

        var first = end - size;
        return size >= RecordBytes && first >= 0 && tail[(int)first..].StartsWith(FirstEntry)
            ? new ZipEnd(1, BinaryPrimitives.ReadUInt32LittleEndian(tail[((int)first + 16)..]))
            : throw new InvalidDataException("The archive has no directory.");
    }

    /// <summary>The record that a comment of the stated length follows to the end: a comment can hold the signature, too.</summary>
    private static int FindRecord(ReadOnlySpan<byte> tail)
    {
        for (var at = tail.LastIndexOf(Record); at >= 0; at = tail[..at].LastIndexOf(Record))
        {
            if (
                tail.Length - at >= RecordBytes
                && at + RecordBytes + BinaryPrimitives.ReadUInt16LittleEndian(tail[(at + 20)..]) == tail.Length
            )
            {
                return at;
            }
        }

        throw new InvalidDataException("The archive is cut off.");
    }
}
