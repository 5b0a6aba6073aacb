using System.Text;

namespace Etl.Hosts.Console.LocalPostgres;

/// <summary>The server's log file: what it said since a moment, and its size kept in bounds.</summary>
internal sealed class ServerLog(string file)
{
    private const long Most = 10 * 1024 * 1024;
    private const int Tail = 16 * 1024;
    private long start;

    /// <summary>Remembers where the log ends now; a big one is put aside first, in place of the one put aside before.</summary>
    public void Begin()
    {
        var log = new FileInfo(file);
        if (log.Exists && log.Length > Most)
        {
            File.Move(file, $"{file}.1", overwrite: true);
        }

        start = File.Exists(file) ? new FileInfo(file).Length : 0;
    }

    /// <summary>The line that says best why the server did not start: its last complaint, or else its last line.</summary>
    public string Complaint()
    {
        var lines = ReadNew().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string[] grave = ["PANIC: ", "FATAL: ", "ERROR: "];
        var line =
            lines.LastOrDefault(l => grave.Any(g => l.Contains(g, StringComparison.Ordinal))) ?? lines.LastOrDefault();
        return line is null
            ? "it said nothing"
            : line[Math.Max(0, grave.Max(g => line.IndexOf(g, StringComparison.Ordinal)))..];
    }

    private string ReadNew()
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            stream.Seek(Math.Max(start, stream.Length - Tail), SeekOrigin.Begin);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            return reader.ReadToEnd();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
