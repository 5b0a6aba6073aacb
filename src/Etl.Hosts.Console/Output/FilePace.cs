using System.Globalization;
using Etl.Application.Runs;

namespace Etl.Hosts.Console.Output;

/// <summary>The progress and speed of a file that is loaded, as text for people.</summary>
internal sealed class FilePace(LoadProgress file, TimeSpan elapsed)
{
    private readonly double seconds = Math.Max(elapsed.TotalSeconds, 0.001);

    public string Dataset => file.Dataset;

    /// <summary>0 to 1; 1 also for a file that grew while it was read.</summary>
    public double Share => file.TotalBytes == 0 ? 1 : Math.Min(1, (double)file.BytesRead / file.TotalBytes);

    public string Percent => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(Share * 100), 3} %");

    public string Size => $"{Amount.Bytes(file.BytesRead)} of {Amount.Bytes(file.TotalBytes)}";

    public string RowsPerSecond => string.Create(CultureInfo.InvariantCulture, $"{file.RowsRead / seconds:#,0} rows/s");

    /// <summary>The estimated time left; empty at the end, and before the first byte.</summary>
    public string Left
    {
        get
        {
            if (file.BytesRead == 0 || Share >= 1)
            {
                return "";
            }

            var left = TimeSpan.FromSeconds(Math.Ceiling(seconds * (1 - Share) / Share));
            return left.TotalHours >= 1
                ? string.Create(CultureInfo.InvariantCulture, $"{(long)left.TotalHours}:{left:mm\\:ss} left")
                : string.Create(CultureInfo.InvariantCulture, $"{left:m\\:ss} left");
        }
    }
}

/// <summary>Sizes as people read them.</summary>
internal static class Amount
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB"];

    /// <summary>In decimal units: 1 kB is 1,000 bytes.</summary>
    public static string Bytes(long bytes)
    {
        var (value, unit) = ((double)bytes, 0);
        while (value >= 999.5 && unit < Units.Length - 1)
        {
            (value, unit) = (value / 1000, unit + 1);
        }

        return value.ToString(unit > 0 && value < 99.95 ? "0.0" : "0", CultureInfo.InvariantCulture)
            + " "
            + Units[unit];
    }
}
