using System.Text;
using Etl.Application.Errors;
using Etl.Domain.Datasets;

namespace Etl.Infrastructure.Stage.Content;

/// <summary>Recognizes by its first bytes how a file is compressed and encoded, and reads it as UTF-8.</summary>
internal static class FileContent
{
    /// <summary>The longest mark of a format.</summary>
    private const int MarkBytes = 6;

    /// <param name="delivered">The file.</param>
    /// <param name="encodingName">The encoding of a file without a byte order mark.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <exception cref="EtlException">The file has a format that is not read.</exception>
    public static async Task<Stream> OpenAsync(
        DeliveredStream delivered,
        string encodingName,
        CancellationToken cancellationToken
    )
    {
        var first = await PrefixedStream.ReadAsync(delivered, MarkBytes, cancellationToken);
        Stream? content = first.Prefix switch
        {
            [0x1F, 0x8B, ..] => DecompressedStream.OfGzip(first, delivered),
            [0x28, 0xB5, 0x2F, 0xFD, ..] => DecompressedStream.OfZstd(first, delivered),
            [(byte)'P', (byte)'K', 3, 4, ..] or [(byte)'P', (byte)'K', 5, 6, ..] => DecompressedStream.OfZip(
                first,
                delivered
            ),
            _ => null,
        };
        return Decode(
            content is null ? first : await PrefixedStream.ReadAsync(content, MarkBytes, cancellationToken),
            delivered,
            TextEncodings.Find(encodingName) is { CodePage: not 65001 } declared ? declared : null
        );
    }

    private static Stream Decode(PrefixedStream content, DeliveredStream delivered, Encoding? declared)
    {
        var (encoding, bom) = content.Prefix switch
        {
            [0xFF, 0xFE, 0, 0, ..] => (new UTF32Encoding(bigEndian: false, byteOrderMark: true), 4),
            [0xFF, 0xFE, ..] => (Encoding.Unicode, 2),
            [0xFE, 0xFF, ..] => (Encoding.BigEndianUnicode, 2),
            [0xEF, 0xBB, 0xBF, ..] => ((Encoding?)null, 0), // the reader of the header takes it
            _ => (declared, 0),
        };
        if (OtherFormat(content.Prefix) is { } format)
        {
            throw ContentErrors.OtherFormat(delivered.File, format);
        }

        content.Skip(bom);
        return encoding is null ? content : new Utf8Stream(content, encoding);
    }

    private static string? OtherFormat(ReadOnlySpan<byte> first) =>
        first switch
        {
            [(byte)'P', (byte)'K', 3, 4, ..] => "a zip archive or a spreadsheet in a compressed file",
            [(byte)'B', (byte)'Z', (byte)'h', ..] => "a bzip2 file",
            [0xFD, (byte)'7', (byte)'z', (byte)'X', ..] => "an xz file",
            [0x1F, 0x8B, ..] or [0x28, 0xB5, 0x2F, 0xFD, ..] => "a file that is compressed twice",
            [(byte)'P', (byte)'A', (byte)'R', (byte)'1', ..] => "a Parquet file",
            _ => null,
        };
}
