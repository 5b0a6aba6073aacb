using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Domain.Datasets;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>Takes BOM, empty lines and header off the beginning of a file.</summary>
internal sealed class HeaderReader(Dataset dataset, SourceFile file, ParserSettings settings)
{
    private readonly RecordSplitter splitter = new(FileHeader.MaxColumns, settings.MaxRecordBytes)
    {
        Delimiter = (byte)(dataset.Format.Delimiter ?? (char)Dialect.Comma),
    };

    /// <returns>
    /// The header, the number of the line after it, and the number of skipped lines before it that have no value; null for a
    /// file without a byte.
    /// </returns>
    /// <exception cref="EtlException">There is no header, or it is not one of this dataset.</exception>
    public async Task<(FileHeader Header, long NextLine, long Skipped)?> ReadAsync(
        SourceBytes bytes,
        CancellationToken cancellationToken
    )
    {
        if (file.Bytes == 0)
        {
            return null;
        }

        while (bytes.Unread.Length < Dialect.Bom.Length && !bytes.IsLast)
        {
            await bytes.FillAsync(cancellationToken);
        }

        if (bytes.Unread.StartsWith(Dialect.Bom))
        {
            bytes.Take(Dialect.Bom.Length);
        }

        var skipped = 0L;
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
                case Split.Record
                    when Dialect.StatedDelimiter(bytes.Unread[..splitter.ContentLength]) is { } stated && line == 1:
                    splitter.Delimiter = dataset.Format.Delimiter is null ? stated : splitter.Delimiter;
                    line++;
                    bytes.Take(splitter.Length);
                    break;
                case Split.Record when splitter.HasNoValue(bytes.Unread[..splitter.ContentLength]):
                    skipped++;
                    line += Dialect.CountLineBreaks(bytes.Unread[..splitter.Length]);
                    bytes.Take(splitter.Length);
                    break;
                case Split.Record:
                    var header = FileHeader.Read(dataset, file, splitter, bytes.Unread);
                    line += Dialect.CountLineBreaks(bytes.Unread[..splitter.Length]);
                    bytes.Take(splitter.Length);
                    var endsWithDelimiter = await FirstRowEndsWithDelimiterAsync(
                        header.Columns.Count,
                        bytes,
                        cancellationToken
                    );
                    return (endsWithDelimiter ? header.WithEmptyColumn() : header, line, skipped);
                case var split:
                    throw Unreadable(split, bytes.Unread);
            }
        }
    }

    private EtlException Unreadable(Split split, ReadOnlySpan<byte> unread) =>
        split == Split.BadQuote
            ? FileHeader.Fault(dataset, file, "has a quote that is not closed", unread[..splitter.ContentLength])
            : FileHeader.Fault(
                dataset,
                file,
                $"does not end within {settings.MaxRecordBytes} bytes",
                unread[..settings.MaxRecordBytes]
            );

    /// <summary>Whether the first row has one field more than the header, an empty one; nothing is taken.</summary>
    private async Task<bool> FirstRowEndsWithDelimiterAsync(
        int columns,
        SourceBytes bytes,
        CancellationToken cancellationToken
    )
    {
        for (var at = 0; ; )
        {
            switch (splitter.Read(bytes.Unread[at..], bytes.IsLast, oneLine: false))
            {
                case Split.Incomplete when !bytes.IsLast && bytes.Unread.Length <= settings.MaxRecordBytes:
                    await bytes.FillAsync(cancellationToken);
                    break;
                case Split.EmptyLine:
                    at += splitter.Length;
                    break;
                case Split.Record:
                    return splitter.FieldCount == columns + 1
                        && columns < FileHeader.MaxColumns
                        && splitter[columns].ValueIn(bytes.Unread[at..]).IsEmpty;
                default:
                    return false;
            }
        }
    }
}
