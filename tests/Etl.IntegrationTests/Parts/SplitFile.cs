using System.IO.Compression;
using System.Text;

namespace Etl.IntegrationTests.Parts;

/// <summary>The lines of a file as parts, each with the header: plain, as gzip and as zip in turn.</summary>
internal static class SplitFile
{
    public static IReadOnlyList<(string Name, byte[] Bytes)> Of(byte[] file, int parts, string beginning)
    {
        var lines = Encoding.UTF8.GetString(file).TrimEnd('\n').Split('\n');
        var rows = lines[1..];
        var size = (rows.Length + parts - 1) / parts;
        return
        [
            .. rows.Chunk(size)
                .Select(
                    (chunk, i) =>
                    {
                        var text = $"{lines[0]}\n{string.Join('\n', chunk)}\n";
                        var (ending, bytes) = Compressed(i, Encoding.UTF8.GetBytes(text));
                        return ($"{beginning}{i}.csv{ending}", bytes);
                    }
                ),
        ];
    }

    /// <summary>Replaces a file of a folder by its parts.</summary>
    public static IReadOnlyList<string> Replace(string path, int parts, string beginning)
    {
        var split = Of(File.ReadAllBytes(path), parts, beginning);
        File.Delete(path);
        foreach (var (name, bytes) in split)
        {
            File.WriteAllBytes(Path.Combine(Path.GetDirectoryName(path)!, name), bytes);
        }

        return [.. split.Select(s => s.Name)];
    }

    private static (string Ending, byte[] Bytes) Compressed(int number, byte[] text)
    {
        using var to = new MemoryStream();
        switch (number % 3)
        {
            case 0:
                return ("", text);
            case 1:
                using (var gzip = new GZipStream(to, CompressionLevel.Fastest, leaveOpen: true))
                {
                    gzip.Write(text);
                }

                return (".gz", to.ToArray());
            default:
                using (var zip = new ZipArchive(to, ZipArchiveMode.Create, leaveOpen: true))
                using (var entry = zip.CreateEntry("part.csv").Open())
                {
                    entry.Write(text);
                }

                return (".zip", to.ToArray());
        }
    }
}
