using System.Text;

namespace Etl.Hosts.Console.Samples;

/// <summary>A file in the making: UTF-8 without BOM, LF, large writes, and the place that has been reached.</summary>
internal sealed class SampleFile : IDisposable
{
    private const int PieceBytes = 256 * 1024;

    private readonly FileStream file;
    private readonly byte[] piece = new byte[PieceBytes];
    private int used;

    public SampleFile(string path) =>
        file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);

    /// <summary>0-based offset of the next record.</summary>
    public long Offset { get; private set; }

    /// <summary>1-based line of the next record.</summary>
    public long Line { get; private set; } = 1;

    public void WriteLine(string text) => WriteLine(Encoding.UTF8.GetBytes(text));

    public void WriteLine(ReadOnlySpan<byte> record)
    {
        if (record.Length >= PieceBytes - used)
        {
            Flush();
        }

        if (record.Length >= PieceBytes)
        {
            file.Write(record);
        }
        else
        {
            record.CopyTo(piece.AsSpan(used));
            used += record.Length;
        }

        piece[used++] = (byte)'\n';
        Offset += record.Length + 1;
        Line++;
    }

    public void Dispose()
    {
        Flush();
        file.Dispose();
    }

    private void Flush()
    {
        file.Write(piece, 0, used);
        used = 0;
    }
}
