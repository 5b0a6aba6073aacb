using System.IO.Compression;
using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Infrastructure.FileSystem;

namespace Etl.Infrastructure.Stage.Content;

/// <summary>
/// The content of the only entry of a zip archive. .NET's ZipArchive reads a stream that cannot seek into memory as a whole;
/// this reads it from start to end, and compares it with the archive's directory behind it.
/// </summary>
internal sealed class ZippedStream : ForwardOnlyStream
{
    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(i => CrcOf((uint)i))];

    private readonly SourceFile file;
    private readonly TailStream archive;
    private Stream? content;
    private uint crc = uint.MaxValue;
    private bool isRead;

    public ZippedStream(Stream stream, SourceFile file) =>
        (this.file, archive) = (file, new TailStream(stream, ZipEnd.MaxBytes));

    public override bool CanRead => true;

    /// <exception cref="EtlException">The archive does not hold exactly one file, or in a form that is not read.</exception>
    /// <exception cref="IOException">The archive is damaged or cut off.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        content ??= await OpenAsync(cancellationToken);
        var got = isRead ? 0 : await content.ReadAsync(buffer, cancellationToken);
        Add(buffer.Span[..got]);
        if (got == 0 && !buffer.IsEmpty && !isRead)
        {
            isRead = true;
            await CompareAsync(cancellationToken);
        }

        return got;
    }

    public override async ValueTask DisposeAsync()
    {
        if (content is not null)
        {
            await content.DisposeAsync();
        }

        await base.DisposeAsync();
    }

    private async Task<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        if (await ZipEntry.ReadAsync(archive, cancellationToken) is not { } entry)
        {
            throw ContentErrors.Archive(file, "holds no file");
        }

        return entry.IsOfDocument ? throw ContentErrors.OtherFormat(file, "a spreadsheet")
            : entry.Error is { } error ? throw ContentErrors.Archive(file, error)
            : entry.IsStored ? new FirstBytesStream(archive, entry.Bytes)
            : new DeflateStream(archive, CompressionMode.Decompress);
    }

    /// <summary>Reads to the end of the archive, and compares the content with the directory there.</summary>
    private async Task CompareAsync(CancellationToken cancellationToken)
    {
        var rest = new byte[4096];
        while (await archive.ReadAsync(rest, cancellationToken) > 0) { }

        var end = ZipEnd.Read(archive.Tail);
        if (end.Entries != 1)
        {
            throw ContentErrors.Archive(file, $"holds {end.Entries} files");
        }

        if (end.Crc != ~crc)
        {
            throw new InvalidDataException("The content has another checksum than the archive states.");
        }
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        var sum = crc;
        foreach (var octet in bytes)
        {
            sum = CrcTable[(byte)(sum ^ octet)] ^ (sum >> 8);
        }

        crc = sum;
    }

    private static uint CrcOf(uint octet)
    {
        for (var bit = 0; bit < 8; bit++)
        {
            octet = (octet & 1) == 0 ? octet >> 1 : (octet >> 1) ^ 0xEDB88320;
        }

        return octet;
    }

    /// <summary>Ends after a number of bytes.</summary>
    private sealed class FirstBytesStream(Stream stream, long bytes) : ForwardOnlyStream
    {
        private long remaining = bytes;

        public override bool CanRead => true;

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            var got = await stream.ReadAsync(buffer[..(int)Math.Min(buffer.Length, remaining)], cancellationToken);
            remaining -= got;
            return got;
        }
    }
}
