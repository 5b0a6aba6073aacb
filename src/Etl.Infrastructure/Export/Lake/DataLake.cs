using System.Security.Cryptography;
using Etl.Application.Export;
using Etl.Infrastructure.FileSystem;

namespace Etl.Infrastructure.Export.Lake;

/// <summary>Writes and replaces objects; how an upload works and how bytes are read back is up to the kind of lake.</summary>
internal abstract class DataLake : IDataLake
{
    public abstract string Uri { get; }

    public abstract string Locate(string key);

    public async Task<LakeObject> WriteOnceAsync(string key, LakeContent content, CancellationToken cancellationToken)
    {
        await using var upload = Begin(key, replace: false);
        await content(upload, cancellationToken);
        return await upload.CompleteAsync(cancellationToken) || await HashAsync(key, cancellationToken) == upload.Sha256
            ? new LakeObject(Locate(key), upload.Bytes, upload.Sha256)
            : throw LakeErrors.Conflict(Locate(key));
    }

    public async Task<LakeObject> ReplaceAsync(string key, LakeContent content, CancellationToken cancellationToken)
    {
        await using var upload = Begin(key, replace: true);
        await content(upload, cancellationToken);
        await upload.CompleteAsync(cancellationToken);
        return new LakeObject(Locate(key), upload.Bytes, upload.Sha256);
    }

    public abstract Task CopyAsync(string fromKey, string toKey, CancellationToken cancellationToken);

    protected abstract LakeUpload Begin(string key, bool replace);

    /// <summary>SHA-256 of an existing object's bytes, lower-case hex.</summary>
    protected abstract Task<string> HashAsync(string key, CancellationToken cancellationToken);
}

/// <summary>An object being written. It is counted and hashed, and becomes visible when it is completed.</summary>
internal abstract class LakeUpload : ForwardOnlyStream
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public override bool CanWrite => true;

    public long Bytes { get; private set; }

    /// <summary>Lower-case hex, after <see cref="CompleteAsync"/>.</summary>
    public string Sha256 { get; private set; } = "";

    /// <summary>Makes the object visible, whole.</summary>
    /// <returns>False if the key is taken and must not be replaced.</returns>
    public abstract Task<bool> CompleteAsync(CancellationToken cancellationToken);

    protected void Append(ReadOnlySpan<byte> buffer)
    {
        hash.AppendData(buffer);
        Bytes += buffer.Length;
    }

    protected byte[] CompleteHash()
    {
        var digest = hash.GetHashAndReset();
        Sha256 = Convert.ToHexStringLower(digest);
        return digest;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            hash.Dispose();
        }

        base.Dispose(disposing);
    }
}
