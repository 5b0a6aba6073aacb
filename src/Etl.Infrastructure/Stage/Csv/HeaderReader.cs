using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Domain.Datasets;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>Takes BOM, empty lines and header off the beginning of a file, and refuses what is no text at all.</summary>
internal sealed class HeaderReader(Dataset dataset, SourceFile file, ParserSettings settings)
{
    private readonly RecordSplitter splitter = new(FileHeader.MaxColumns, settings.MaxRecordBytes);

    /// <returns>The header and the number of the line after it; null for a file without a byte.</returns>
    /// <exception cref="EtlException">There is no header, or it is not one of this dataset.</exception>
    public async Task<(FileHeader Header, long NextLine)?> ReadAsync(
        SourceBytes bytes,
        CancellationToken cancellationToken
    )
    {
        while (bytes.Unread.Length < 4 && !bytes.IsLast)
        {
            await bytes.FillAsync(cancellationToken);
        }

        if (bytes.Unread.IsEmpty)
        {
            return null;
        }

        RefuseOtherFormats(bytes.Unread);
        if (bytes.Unread.StartsWith(Dialect.Bom))
        {
            bytes.Take(Dialect.Bom.Length);
        }

        for (var line = 1L; ; )
        {
            switch (splitter.Read(bytes.Unread, bytes.IsLast, oneLine: false))
            {
                case Split.Incomplete when bytes.IsLast:
                    throw FileHeader.Fault(dataset, file, "is missing", []);
                case Split.Incomplete:
                    await bytes.FillAsync(cancellationToken);
                    break;
                case Split.EmptyLine:
                    line++;
                    bytes.Take(splitter.Length);
                    break;
                case Split.Record:
                    var header = FileHeader.Read(dataset, file, splitter, bytes.Unread);
                    line += Dialect.CountLineBreaks(bytes.Unread[..splitter.Length]);
                    bytes.Take(splitter.Length);
                    return (header, line);
                case Split.BadQuote:
                    throw FileHeader.Fault(
                        dataset,
                        file,
                        "has a quote that is not closed",
                        bytes.Unread[..splitter.ContentLength]
                    );
                default:
                    var bound = $"does not end within {settings.MaxRecordBytes} bytes";
                    throw FileHeader.Fault(dataset, file, bound, bytes.Unread[..settings.MaxRecordBytes]);
            }
        }
    }

    private void RefuseOtherFormats(ReadOnlySpan<byte> first)
    {
        var format = first switch
        {
            [0x1F, 0x8B, ..] => "compressed (gzip)",
            [(byte)'P', (byte)'K', 3, 4, ..] => "compressed (zip), or a spreadsheet",
            [0x28, 0xB5, 0x2F, 0xFD, ..] => "compressed (zstd)",
            [(byte)'B', (byte)'Z', (byte)'h', ..] => "compressed (bzip2)",
            [0xFD, (byte)'7', (byte)'z', (byte)'X', ..] => "compressed (xz)",
            [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] => "written in UTF-16",
            _ => null,
        };
        if (format is not null)
        {
            throw new EtlException(
                ErrorCode.SourceUnreadable,
                $"{file.FileName} is not plain CSV: it looks {format}.",
                "Put the file there as plain CSV in UTF-8; then run again, nothing was changed."
            );
        }
    }
}
