using System.Text;
using System.Text.Unicode;
using Etl.Application.Extract;
using Etl.Application.Runs;
using Etl.Domain.Datasets;
using Etl.Infrastructure.Stage.Content;
using Etl.Infrastructure.Stage.Csv;

namespace Etl.Infrastructure.Stage.Suggest;

/// <summary>Pieces of a file's text in UTF-8: its start, its middle and its end, each of whole lines.</summary>
/// <param name="File">The file.</param>
/// <param name="Pieces">The pieces, the start first.</param>
/// <param name="Encoding">The encoding that the bytes were read with; null for one that needs no setting.</param>
/// <param name="Foreign">A word that is not UTF-8, as the encoding reads it; empty where none was found.</param>
internal sealed record FileExcerpt(SourceFile File, IReadOnlyList<byte[]> Pieces, string? Encoding, string Foreign)
{
    private const int PieceBytes = 64 * 1024;

    /// <summary>What most programs of Western Europe and America write that do not write Unicode.</summary>
    private const string OtherEncoding = "windows-1252";

    /// <summary>Reads the file to its end; a compressed one cannot be entered in the middle.</summary>
    public static async Task<FileExcerpt> ReadAsync(
        ISourceStore source,
        SourceFile file,
        CancellationToken cancellationToken
    )
    {
        await using var stream = await source.OpenAsync(file, cancellationToken);
        await using var delivered = new DeliveredStream(stream, file);
        await using var content = await FileContent.OpenAsync(delivered, TextEncodings.Utf8, cancellationToken);
        var start = await ReadPieceAsync(content, cancellationToken);
        List<byte[]> pieces = [start.AsSpan().StartsWith(Dialect.Bom) ? start[Dialect.Bom.Length..] : start];
        byte[] last = [];
        var isMiddleDue = true;
        for (var next = start; next.Length == PieceBytes; )
        {
            next = await ReadPieceAsync(content, cancellationToken);
            if (isMiddleDue && delivered.BytesRead * 2 >= file.Bytes)
            {
                pieces.Add(WholeLines(next));
                isMiddleDue = false;
            }

            last = next.Length == PieceBytes ? next : [.. last, .. next];
        }

        if (last.Length > 0)
        {
            pieces.Add(WholeLines(last));
        }

        return Decode(file, pieces);
    }

    private static FileExcerpt Decode(SourceFile file, List<byte[]> pieces)
    {
        if (pieces.TrueForAll(p => IsUtf8(p)))
        {
            return new FileExcerpt(file, pieces, null, "");
        }

        System.Text.Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var encoding = System.Text.Encoding.GetEncoding(OtherEncoding);
        var texts = pieces.Select(encoding.GetString).ToList();
        var foreign = texts.SelectMany(Words).FirstOrDefault(w => w.Any(c => c > '\u007f')) ?? "";
        return new FileExcerpt(file, [.. texts.Select(System.Text.Encoding.UTF8.GetBytes)], OtherEncoding, foreign);
    }

    private static IEnumerable<string> Words(string text) =>
        text.Split(text.Where(c => !char.IsLetter(c)).Distinct().ToArray(), StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A piece can end within a character.</summary>
    private static bool IsUtf8(ReadOnlySpan<byte> piece)
    {
        for (var cut = 0; cut < 4 && cut <= piece.Length; cut++)
        {
            if (Utf8.IsValid(piece[..^cut]))
            {
                return true;
            }
        }

        return false;
    }

    private static byte[] WholeLines(byte[] piece)
    {
        var first = piece.AsSpan().IndexOf(Dialect.Lf);
        return first < 0 ? [] : piece[(first + 1)..];
    }

    private static async Task<byte[]> ReadPieceAsync(Stream content, CancellationToken cancellationToken)
    {
        var piece = new byte[PieceBytes];
        var got = await content.ReadAtLeastAsync(piece, PieceBytes, throwOnEndOfStream: false, cancellationToken);
        return piece[..got];
    }
}
