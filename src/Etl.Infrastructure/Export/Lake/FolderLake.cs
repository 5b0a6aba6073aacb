using System.Security.Cryptography;
using Etl.Application.Export;
using Etl.Infrastructure.FileSystem;

namespace Etl.Infrastructure.Export.Lake;

/// <summary>A lake in a folder. Every object is written beside its place, made durable, and put there in one move.</summary>
internal sealed class FolderLake(string root) : IDataLake
{
    public string Locate(string key) => FolderUri.Of(PathOf(key));

    public async Task<LakeObject> WriteOnceAsync(string key, LakeContent content, CancellationToken cancellationToken)
    {
        var path = PathOf(key);
        await using var draft = Draft.Begin(path);
        await content(draft, cancellationToken);
        draft.Complete();
        if (!draft.PutInPlaceOnce() && await HashAsync(path, cancellationToken) != draft.Sha256)
        {
            throw LakeErrors.Conflict(Locate(key));
        }

        return new LakeObject(Locate(key), draft.Bytes, draft.Sha256);
    }

    public async Task<LakeObject> ReplaceAsync(string key, LakeContent content, CancellationToken cancellationToken)
    {
        await using var draft = Draft.Begin(PathOf(key));
        await content(draft, cancellationToken);
        draft.Complete();
        draft.Replace();
        return new LakeObject(Locate(key), draft.Bytes, draft.Sha256);
    }

    public async Task CopyAsync(string fromKey, string toKey, CancellationToken cancellationToken)
    {
        await using var from = OpenRead(PathOf(fromKey));
        await using var draft = Draft.Begin(PathOf(toKey));
        await from.CopyToAsync(draft, cancellationToken);
        draft.Complete();
        draft.Replace();
    }

    private string PathOf(string key)
    {
        var parts = key.Split('/');
        return parts.All(p => p.Length > 0 && p is not ("." or "..") && !p.Contains('\\', StringComparison.Ordinal))
            ? Path.Combine([root, .. parts])
            : throw new ArgumentException($"'{key}' is no key of a lake.", nameof(key));
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

    private static async Task<string> HashAsync(string path, CancellationToken cancellationToken)
    {
        await using var stream = OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
    }
}
