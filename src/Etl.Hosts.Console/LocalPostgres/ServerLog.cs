using System.Text;

namespace Etl.Hosts.Console.LocalPostgres;

/// <summary>The log file of the server: its lines since a start, and the limit of its size.</summary>
internal sealed class ServerLog(string file)
{
    private const long MaxBytes = 10 * 1024 * 1024;
    private const int TailBytes = 16 * 1024;
    private long start;

    /// <summary>Marks the current end of the log. A log over the size limit is renamed first, and replaces the previous one.</summary>
    public void Mark()
    {
        var log = new FileInfo(file);
        if (log.Exists && log.Length > MaxBytes)
        {
            File.Move(file, $"{file}.1", overwrite: true);
        }

        start = File.Exists(file) ? new FileInfo(file).Length : 0;
    }

    /// <summary>Why the server did not start: the last line with an error since the mark, or else the last line.</summary>
    public string LastError()
    {
        var lines = ReadNew().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string[] severities = ["PANIC: ", "FATAL: ", "ERROR: "];
        var line =
            lines.LastOrDefault(l => severities.Any(g => l.Contains(g, StringComparison.Ordinal)))
            ?? lines.LastOrDefault();
        return line is null
            ? "its log has no new line"
            : line[Math.Max(0, severities.Max(g => line.IndexOf(g, StringComparison.Ordinal)))..];
    }

    private string ReadNew()
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            stream.Seek(Math.Max(start, stream.Length - TailBytes), SeekOrigin.Begin);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            return reader.ReadToEnd();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
