using System.Security.Cryptography;
using Etl.Application.Runs;

namespace Etl.Application.Extract;

/// <summary>Hashes bytes as they come: by SHA-256, and by MD5 if the file's sender states one.</summary>
public sealed class FileHasher : IDisposable
{
    private readonly IncrementalHash sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash? md5;

    /// <summary>Hashes of a file.</summary>
    public FileHasher(SourceFile file) =>
        md5 = file.Stated.Any(s => s.Md5 is not null) ? IncrementalHash.CreateHash(HashAlgorithmName.MD5) : null;

    /// <summary>Adds the next bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        sha256.AppendData(bytes);
        md5?.AppendData(bytes);
    }

    /// <summary>The hashes of all bytes; once only.</summary>
    public FileHash Finish() =>
        new(
            Convert.ToHexStringLower(sha256.GetHashAndReset()),
            md5 is null ? null : Convert.ToHexStringLower(md5.GetHashAndReset())
        );

    /// <inheritdoc/>
    public void Dispose()
    {
        sha256.Dispose();
        md5?.Dispose();
    }
}
