using System.Text;
using Etl.Domain.Datasets;
using Etl.Infrastructure.Stage.Csv;

namespace Etl.Infrastructure.Stage.Suggest;

/// <summary>The records of a excerpt's pieces, split as the reader splits them.</summary>
internal static class ExcerptRecords
{
    private const int MaxFields = 512;
    private const int MaxRecordBytes = 64 * 1024;

    /// <summary>The records of all pieces, from the header on. The last one of a piece can be cut off, and is left out.</summary>
    public static IReadOnlyList<string[]> Of(FileExcerpt excerpt, FileFormat format)
    {
        var width = DialectFinder.Regularity(Of(excerpt.Pieces[0], format)).Width;
        var records = excerpt.Pieces.SelectMany(
            (piece, i) => Of(piece, format).Skip(i == 0 ? format.SkipLines : 0).Where(r => r.Length >= width)
        );
        return [.. records];
    }

    /// <summary>The records of a piece, without lines that have no value.</summary>
    public static IReadOnlyList<string[]> Of(ReadOnlySpan<byte> piece, FileFormat format)
    {
        var splitter = new RecordSplitter(format, MaxFields, MaxRecordBytes);
        var records = new List<string[]>();
        while (!piece.IsEmpty)
        {
            var split = splitter.Read(piece, isLast: true, oneLine: false);
            if (split == Split.TooLong)
            {
                break;
            }

            if (split == Split.Record && !splitter.HasNoValue(piece[..splitter.ContentLength]))
            {
                records.Add(Fields(piece[..splitter.ContentLength], splitter));
            }

            piece = piece[splitter.Length..];
        }

        return records;
    }

    private static string[] Fields(ReadOnlySpan<byte> record, RecordSplitter splitter)
    {
        var fields = new string[Math.Min(splitter.FieldCount, MaxFields)];
        for (var i = 0; i < fields.Length; i++)
        {
            fields[i] = Encoding.UTF8.GetString(splitter[i].ValueIn(record));
        }

        return fields;
    }
}
