using System.IO.Compression;
using System.Text;
using Etl.Infrastructure.FileSystem;

namespace Etl.UnitTests.Stage;

/// <summary>Zip archives as programs write them.</summary>
internal static class ZipFile
{
    public static IReadOnlyList<string> Forms { get; } =
    ["zip", "zip, stored", "zip, written without seeking", "zip, with a signature in its comment"];

    public static byte[] Of(string form, byte[] content)
    {
        using var archive = new MemoryStream();
        using var target = new WriteOnlyStream(archive);
        using (
            var zip = new ZipArchive(
                form == Forms[2] ? target : archive,
                ZipArchiveMode.Create,
                leaveOpen: true,
                Encoding.UTF8
            )
        )
        {
            zip.Comment = form == Forms[3] ? "PK\u0005\u0006 PK\u0003\u0004" : "";
            Add(zip, "reviews.csv", content, form == Forms[1]);
        }

        return archive.ToArray();
    }

    /// <summary>An archive of several entries with the same content.</summary>
    public static byte[] OfEntries(byte[] content, params string[] names)
    {
        using var archive = new MemoryStream();
        using (var zip = new ZipArchive(archive, ZipArchiveMode.Create, leaveOpen: true))
        {
            names.ToList().ForEach(n => Add(zip, n, content, isStored: false));
        }

        return archive.ToArray();
    }

    private static void Add(ZipArchive zip, string name, byte[] content, bool isStored)
    {
        var level = isStored ? CompressionLevel.NoCompression : CompressionLevel.Optimal;
        using var entry = zip.CreateEntry(name, level).Open();
        entry.Write(content);
    }

    private sealed class WriteOnlyStream(Stream target) : ForwardOnlyStream
    {
        public override bool CanWrite => true;

        public override void Write(ReadOnlySpan<byte> buffer) => target.Write(buffer);
    }
}
