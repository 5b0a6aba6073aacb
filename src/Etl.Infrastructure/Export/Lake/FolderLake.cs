using System.Security.Cryptography;
using Etl.Infrastructure.FileSystem;

namespace Etl.Infrastructure.Export.Lake;

/// <summary>A lake in a folder. An object is written to a temporary file, flushed to disk, and renamed atomically.</summary>
internal sealed class FolderLake(string root) : DataLake
{
    public override string Uri => FolderUri.Of(Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)));

    public override string Locate(string key) => FolderUri.Of(PathOf(key));

    public override Task CopyAsync(string fromKey, string toKey, CancellationToken cancellationToken) =>
        ReplaceAsync(
            toKey,
            async (destination, token) =>
            {
                await using var source = OpenRead(PathOf(fromKey));
                await source.CopyToAsync(destination, token);
            },
            cancellationToken
        );

    protected override LakeUpload Begin(string key, bool replace) => FolderUpload.Begin(PathOf(key), replace);

    protected override async Task<string> HashAsync(string key, CancellationToken cancellationToken)
    {
        await using var stream = OpenRead(PathOf(key));
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
    }

    private string PathOf(string key)
    {
        var parts = key.Split('/');
        return parts.All(p => p.Length > 0 && p is not ("." or "..") && !p.Contains('\\', StringComparison.Ordinal))
            ? Path.Combine([root, .. parts])
            : throw new ArgumentException($"'{key}' is not a valid lake key.", nameof(key));
    }

    private static FileStream OpenRead(string path)
    {
        try
        {
            return new FileStream(
                path,
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete,
                bufferSize: 0,
                FileOptions.Asynchronous | FileOptions.SequentialScan
            );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw LakeErrors.Explain(path, exception);
        }
    }
}
