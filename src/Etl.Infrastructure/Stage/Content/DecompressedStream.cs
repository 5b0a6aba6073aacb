using System.IO.Compression;
using Etl.Application.Errors;
using Etl.Infrastructure.FileSystem;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Etl.Infrastructure.Stage.Content;

/// <summary>The content of a compressed file, bounded: a small file that expands without end is refused.</summary>
internal sealed class DecompressedStream(Stream decompressor, DeliveredStream delivered) : ForwardOnlyStream
{
    /// <summary>CSV compresses by 5 to 30; the text of one repeated row by about 300.</summary>
    private const long MaxRatio = 500;

    /// <summary>Below this size the ratio does not matter.</summary>
    private const long FreeBytes = 64 << 20;

    /// <summary>Largest window of a zstd frame, as a power of 2: 32 MiB of memory, more than level 19 uses.</summary>
    private const int MaxWindowLog = 25;

    private long bytesRead;

    /// <summary>Without the switch, .NET reads a gzip file that is cut off as if it ended there.</summary>
    static DecompressedStream() => AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);

    public override bool CanRead => true;

    public static DecompressedStream OfGzip(Stream compressed, DeliveredStream delivered) =>
        new(new GZipStream(compressed, CompressionMode.Decompress), delivered);

    public static DecompressedStream OfZstd(Stream compressed, DeliveredStream delivered)
    {
        var decompressor = new DecompressionStream(compressed);
        decompressor.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, MaxWindowLog);
        return new DecompressedStream(decompressor, delivered);
    }

    public static DecompressedStream OfZip(Stream compressed, DeliveredStream delivered) =>
        new(new ZippedStream(compressed, delivered.File), delivered);

    /// <exception cref="EtlException">The content is damaged or cut off, or expands beyond the bound.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int got;
        try
        {
            got = await decompressor.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception exception) when (exception is InvalidDataException or ZstdException or EndOfStreamException)
        {
            throw ContentErrors.Unreadable(delivered.File, "its compressed content is damaged or cut off", exception);
        }

        bytesRead += got;
        return bytesRead > FreeBytes && bytesRead > delivered.BytesRead * MaxRatio
            ? throw ContentErrors.Unreadable(
                delivered.File,
                $"its compressed content expands more than {MaxRatio} times"
            )
            : got;
    }

    public override async ValueTask DisposeAsync()
    {
        await decompressor.DisposeAsync();
        await base.DisposeAsync();
    }
}
