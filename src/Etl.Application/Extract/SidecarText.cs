using System.Text;
using Etl.Application.Errors;
using Etl.Application.Runs;

namespace Etl.Application.Extract;

/// <summary>Reads the small files that a sender delivers beside the source files.</summary>
internal static class SidecarText
{
    /// <summary>Largest file, bytes.</summary>
    public const long MaxBytes = 1 << 20;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text of a pinned file, without BOM.</summary>
    /// <exception cref="EtlException">It is larger than the bound, not UTF-8, or cannot be read.</exception>
    public static async Task<string> ReadAsync(
        this ISourceStore source,
        SourceFile file,
        CancellationToken cancellationToken
    )
    {
        if (file.Bytes > MaxBytes)
        {
            throw DeliveryErrors.Unusable(file, $"it has {file.Bytes:#,0} bytes, more than {MaxBytes:#,0}");
        }

        await using var stream = await source.OpenAsync(file, cancellationToken);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, cancellationToken);
        try
        {
            return Utf8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException exception)
        {
            throw DeliveryErrors.Unusable(file, "it is not UTF-8", exception);
        }
    }

    /// <summary>The lines that are not blank, with their numbers from 1.</summary>
    public static IEnumerable<(int Number, string Text)> Lines(string text) =>
        text.Split('\n').Select((line, index) => (index + 1, line.Trim())).Where(l => l.Item2.Length > 0);
}
