using Etl.Application.Runs;

namespace Etl.Application.Extract;

/// <summary>Hashes of a file's bytes, lower-case hex.</summary>
/// <param name="Sha256">By SHA-256.</param>
/// <param name="Md5">By MD5; null unless the file's sender states one.</param>
public sealed record FileHash(string Sha256, string? Md5)
{
    private const int BufferSize = 1 << 17;

    /// <summary>Reads a pinned file once.</summary>
    /// <exception cref="Errors.EtlException">The file is gone, changed, or cannot be read.</exception>
    public static async Task<FileHash> OfAsync(
        ISourceStore source,
        SourceFile file,
        CancellationToken cancellationToken
    )
    {
        using var hashes = new FileHasher(file);
        var buffer = new byte[BufferSize];
        await using (var stream = await source.OpenAsync(file, cancellationToken))
        {
            while (await stream.ReadAsync(buffer, cancellationToken) is var read and > 0)
            {
                hashes.Append(buffer.AsSpan(0, read));
            }
        }

        await source.VerifyUnchangedAsync(file, cancellationToken);
        return hashes.Finish();
    }
}
