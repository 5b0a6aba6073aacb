using System.Security.Cryptography;
using Etl.Infrastructure.FileSystem;

namespace Etl.Infrastructure.Export.Lake;

/// <summary>
/// An object on its way into a lake's folder: a file of another name beside its place, hashed while it is written, and
/// gone when it is disposed.
/// </summary>
internal sealed class Draft : ForwardOnlyStream
{
    private readonly string path;
    private readonly DraftFile draft;
    private readonly FileStream file;
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    private Draft(string path, DraftFile draft) => (this.path, this.draft, file) = (path, draft, draft.Bytes);

    public override bool CanWrite => true;

    public long Bytes { get; private set; }

    /// <summary>Lower-case hex, once complete.</summary>
    public string Sha256 { get; private set; } = "";

    public static Draft Begin(string path)
    {
        DraftFile? made = null;
        Guard(
            path,
            () =>
            {
                var folder = Path.GetDirectoryName(path)!;
                Directory.CreateDirectory(folder);
                DraftFile.Sweep(folder);
                made = DraftFile.Create(folder);
            }
        );
        return new Draft(path, made!);
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            file.Write(buffer);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw LakeErrors.Explain(path, exception);
        }

        hash.AppendData(buffer);
        Bytes += buffer.Length;
    }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        try
        {
            await file.WriteAsync(buffer, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw LakeErrors.Explain(path, exception);
        }

        hash.AppendData(buffer.Span);
        Bytes += buffer.Length;
    }

    /// <summary>All bytes are given: they are made durable.</summary>
    public void Complete()
    {
        Guard(path, () => file.Flush(flushToDisk: true));
        Sha256 = Convert.ToHexStringLower(hash.GetHashAndReset());
        if (OperatingSystem.IsWindows())
        {
            // An open file cannot be moved there.
            file.Dispose();
        }
    }

    /// <summary>Gives the object its name, if nobody has it.</summary>
    /// <returns>False where the name is taken.</returns>
    public bool PutInPlaceOnce()
    {
        var put = false;
        Guard(path, () => put = AtomicRename.TryGive(file.Name, path));
        return put;
    }

    /// <summary>Gives the object its name, from whoever has it.</summary>
    public void Replace() => Guard(path, () => AtomicRename.Take(file.Name, path));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            hash.Dispose();
            Guard(path, draft.Dispose);
        }

        base.Dispose(disposing);
    }

    private static void Guard(string path, Action work)
    {
        try
        {
            work();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw LakeErrors.Explain(path, exception);
        }
    }
}
