using System.Text;
using Etl.Infrastructure.FileSystem;

namespace Etl.Infrastructure.Stage.Content;

/// <summary>
/// Text of another encoding as UTF-8. What the encoding cannot read becomes the byte FF, which no UTF-8 has: its record is
/// rejected, and nothing is replaced silently.
/// </summary>
internal sealed class Utf8Stream : ForwardOnlyStream
{
    private const int PieceBytes = 64 * 1024;

    /// <summary>A code unit that stands for no character.</summary>
    private const char Unreadable = '\uFFFF';

    private readonly Stream source;
    private readonly Decoder decoder;
    private readonly byte[] encoded = new byte[PieceBytes];
    private readonly char[] letters;
    private readonly byte[] text;
    private int start;
    private int end;
    private char pending;
    private bool isLast;

    public Utf8Stream(Stream source, Encoding encoding)
    {
        this.source = source;
        var strict = (Encoding)encoding.Clone();
        strict.DecoderFallback = new DecoderReplacementFallback($"{Unreadable}");
        decoder = strict.GetDecoder();
        letters = new char[strict.GetMaxCharCount(PieceBytes) + 1];
        text = new byte[Encoding.UTF8.GetMaxByteCount(letters.Length)];
    }

    public override bool CanRead => true;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (start == end && !isLast)
        {
            var got = await source.ReadAsync(encoded, cancellationToken);
            isLast = got == 0;
            Decode(encoded.AsSpan(0, got));
        }

        var count = Math.Min(buffer.Length, end - start);
        text.AsMemory(start, count).CopyTo(buffer);
        start += count;
        return count;
    }

    private void Decode(ReadOnlySpan<byte> bytes)
    {
        var count = pending == 0 ? 0 : 1;
        letters[0] = pending;
        count += decoder.GetChars(bytes, letters.AsSpan(count), flush: isLast);
        pending = default;
        // A character of two code units can be split between two pieces.
        if (!isLast && count > 0 && char.IsHighSurrogate(letters[count - 1]))
        {
            pending = letters[--count];
        }

        (start, end) = (0, 0);
        var rest = letters.AsSpan(0, count);
        while (!rest.IsEmpty)
        {
            var bad = rest.IndexOf(Unreadable);
            end += Encoding.UTF8.GetBytes(bad < 0 ? rest : rest[..bad], text.AsSpan(end));
            rest = bad < 0 ? [] : rest[(bad + 1)..];
            if (bad >= 0)
            {
                text[end++] = 0xFF;
            }
        }
    }
}
