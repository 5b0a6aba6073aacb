using System.Text;

namespace Etl.Hosts.Console.Samples;

/// <summary>Writes a file: UTF-8 without BOM, LF line ends, in large blocks; tracks line and offset.</summary>
internal sealed class SampleFile : IDisposable
{
    private const int BlockBytes = 256 * 1024;

    private readonly FileStream file;
    private readonly byte[] block = new byte[BlockBytes];
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
        if (record.Length >= BlockBytes - used)
        {
            Flush();
        }

        if (record.Length >= BlockBytes)
        {
            file.Write(record);
        }
        else
        {
            record.CopyTo(block.AsSpan(used));
            used += record.Length;
        }

        block[used++] = (byte)'\n';
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
        file.Write(block, 0, used);
        used = 0;
    }
}
