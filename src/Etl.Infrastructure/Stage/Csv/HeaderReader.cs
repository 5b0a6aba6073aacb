using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Domain.Datasets;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>Takes BOM, empty lines and header off the beginning of a file.</summary>
internal sealed class HeaderReader(Dataset dataset, SourceFile file, ParserSettings settings)
{
    private readonly RecordSplitter splitter = new(dataset.Format, FileHeader.MaxColumns, settings.MaxRecordBytes);

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

        await SkipLinesAsync(bytes, cancellationToken);
        var skipped = 0L;
        var firstLine = 1L + dataset.Format.SkipLines;
        for (var line = firstLine; ; )
        {
            switch (splitter.Read(bytes.Unread, bytes.IsLast, oneLine: false))
            {
                case Split.Incomplete when !bytes.IsLast:
                    await bytes.FillAsync(cancellationToken);
                    break;
                case Split.EmptyLine:
                    line++;
                    bytes.Take(splitter.Length);
                    break;
                case Split.Record
                    when line == firstLine
                        && Dialect.StatedDelimiter(bytes.Unread[..splitter.ContentLength]) is { } stated:
                    splitter.Delimiter = dataset.Format.Delimiter is null ? stated : splitter.Delimiter;
                    line++;
                    bytes.Take(splitter.Length);
                    break;
                case Split.Record when splitter.HasNoValue(bytes.Unread[..splitter.ContentLength]):
                    skipped++;
                    line += Dialect.CountLineBreaks(bytes.Unread[..splitter.Length]);
                    bytes.Take(splitter.Length);
                    break;
                case var _ when dataset.Format.Header.Count > 0:
                    var declared = FileHeader.Declared(dataset, file, splitter.Delimiter);
                    return (await WithLastDelimiterAsync(declared, bytes, cancellationToken), line, skipped);
                case Split.Incomplete:
                    throw FileHeader.Fault(dataset, file, "is missing", []);
                case Split.Record:
                    var header = FileHeader.Read(dataset, file, splitter, bytes.Unread);
                    line += Dialect.CountLineBreaks(bytes.Unread[..splitter.Length]);
                    bytes.Take(splitter.Length);
                    return (await WithLastDelimiterAsync(header, bytes, cancellationToken), line, skipped);
                case var split:
                    throw Unreadable(split, bytes.Unread);
            }
        }
    }

    /// <summary>Takes the lines that the format declares to be above the table, whatever they contain.</summary>
    private async Task SkipLinesAsync(SourceBytes bytes, CancellationToken cancellationToken)
    {
        for (var left = dataset.Format.SkipLines; left > 0; )
        {
            var end = bytes.Unread.IndexOfAny(Dialect.Lf, Dialect.Cr);
            if (end >= 0 && (bytes.IsLast || end + 1 < bytes.Unread.Length))
            {
                bytes.Take(end + Dialect.LineEndLength(bytes.Unread, end));
                left--;
            }
            else if (bytes.IsLast)
            {
                throw FileHeader.Fault(dataset, file, "is missing", bytes.Unread);
            }
            else if (bytes.Unread.Length > settings.MaxRecordBytes)
            {
                throw Unreadable(Split.TooLong, bytes.Unread);
            }
            else
            {
                await bytes.FillAsync(cancellationToken);
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

    /// <summary>Adds an empty column where the first row has one field more than the header, an empty one.</summary>
    private async Task<FileHeader> WithLastDelimiterAsync(
        FileHeader header,
        SourceBytes bytes,
        CancellationToken cancellationToken
    ) =>
        await FirstRowEndsWithDelimiterAsync(header.Columns.Count, bytes, cancellationToken)
            ? header.WithEmptyColumn()
            : header;

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
