using System.Buffers.Binary;
using System.Text;

namespace Etl.Infrastructure.Stage.Content;

/// <summary>The header before the content of a zip archive's first entry.</summary>
/// <param name="Flags">Its flags.</param>
/// <param name="Method">How the content is compressed: 0 for not at all, 8 for deflate.</param>
/// <param name="Bytes">Size of the compressed content; 0 if only the end of the archive states it.</param>
/// <param name="Name">The name, read as Latin-1: only its ASCII characters are used.</param>
internal sealed record ZipEntry(int Flags, int Method, long Bytes, string Name)
{
    private const int HeaderBytes = 30;
    private const int Encrypted = 1 | 1 << 6 | 1 << 13;
    private const int SizesFollow = 1 << 3;
    private const int Stored = 0;
    private const int Deflated = 8;

    private static ReadOnlySpan<byte> Signature => [(byte)'P', (byte)'K', 3, 4];

    public bool IsStored => Method == Stored;

    /// <summary>Why the entry is not read; null if it is.</summary>
    public string? Error =>
        (Flags & Encrypted) != 0 ? "is encrypted"
        : Name.AsSpan().ContainsAny('/', '\\') ? "holds a folder"
        : Method is not (Stored or Deflated) || (IsStored && (Flags & SizesFollow) != 0)
            ? "is not compressed with deflate"
        : null;

    /// <summary>Whether the entry is the first one of a spreadsheet or text document.</summary>
    public bool IsOfDocument =>
        Name is "[Content_Types].xml" or "mimetype"
        || Name.StartsWith("_rels/", StringComparison.Ordinal)
        || Name.StartsWith("xl/", StringComparison.Ordinal)
        || Name.StartsWith("docProps/", StringComparison.Ordinal);

    /// <summary>Reads the header at the start of an archive.</summary>
    /// <returns>The entry; null if the archive holds none.</returns>
    /// <exception cref="EndOfStreamException">The archive is cut off.</exception>
    public static async Task<ZipEntry?> ReadAsync(Stream archive, CancellationToken cancellationToken)
    {
        var header = new byte[HeaderBytes];
        await archive.ReadExactlyAsync(header.AsMemory(0, 4), cancellationToken);
        if (!header.AsSpan().StartsWith(Signature))
        {
            return null;
        }

        await archive.ReadExactlyAsync(header.AsMemory(4), cancellationToken);
        var name = new byte[Short(26)];
        await archive.ReadExactlyAsync(name, cancellationToken);
        var extra = new byte[Short(28)];
        await archive.ReadExactlyAsync(extra, cancellationToken);
        var bytes = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(18));
        return new ZipEntry(
            Short(6),
            Short(8),
            bytes == uint.MaxValue ? LongSize(extra) : bytes,
            Encoding.Latin1.GetString(name)
        );

        int Short(int at) => BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(at));
    }

    /// <summary>The field with the ID 1 holds the plain size and the compressed size where they exceed 32 bits.</summary>
    private static long LongSize(ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= 4)
        {
            var (id, length) = (
                BinaryPrimitives.ReadUInt16LittleEndian(extra),
                BinaryPrimitives.ReadUInt16LittleEndian(extra[2..])
            );
            if (id == 1 && length >= 16 && extra.Length >= 20)
            {
                return BinaryPrimitives.ReadInt64LittleEndian(extra[12..]);
            }

            extra = extra[Math.Min(4 + length, extra.Length)..];
        }

        throw new InvalidDataException("The entry has no size.");
    }
}
