namespace Etl.Application.Export;

/// <summary>The store of the exports: a folder, or a bucket's prefix. Keys are relative, with forward slashes.</summary>
public interface IDataLake
{
    /// <summary>The location of the lake itself, the same text for the same place, without a last slash.</summary>
    string Uri { get; }

    /// <summary>The full location of a key, <c>file://</c> or <c>s3://</c>.</summary>
    string Locate(string key);

    /// <summary>
    /// Writes an object that must never be replaced. It appears complete or not at all. If the key holds the same bytes
    /// already, nothing is written.
    /// </summary>
    /// <exception cref="Errors.EtlException">The key holds other bytes, or the lake cannot be written.</exception>
    Task<LakeObject> WriteOnceAsync(string key, LakeContent content, CancellationToken cancellationToken);

    /// <summary>Writes or replaces an object. Readers see the old or the new one, complete.</summary>
    /// <exception cref="Errors.EtlException">The lake cannot be written.</exception>
    Task<LakeObject> ReplaceAsync(string key, LakeContent content, CancellationToken cancellationToken);

    /// <summary>Copies an object to another key; readers see the old or the new one.</summary>
    /// <exception cref="Errors.EtlException">The lake cannot be written.</exception>
    Task CopyAsync(string fromKey, string toKey, CancellationToken cancellationToken);
}

/// <summary>Writes an object's bytes to the stream that it is given.</summary>
public delegate Task LakeContent(Stream destination, CancellationToken cancellationToken);

/// <summary>An object of the lake.</summary>
/// <param name="Uri">Its full location.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its content's hash, lower-case hex.</param>
public sealed record LakeObject(string Uri, long Bytes, string Sha256);
