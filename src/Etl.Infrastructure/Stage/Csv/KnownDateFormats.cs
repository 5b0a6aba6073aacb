namespace Etl.Infrastructure.Stage.Csv;

/// <summary>Date formats that are common in files. They are suggested, and never tried in a run.</summary>
internal static class KnownDateFormats
{
    private static readonly string[] Days =
    [
        "yyyy-MM-dd",
        "yyyy/MM/dd",
        "yyyy.MM.dd",
        "yyyyMMdd",
        "dd.MM.yyyy",
        "d.M.yyyy",
        "dd.MM.yy",
        "MM/dd/yyyy",
        "dd/MM/yyyy",
        "M/d/yyyy",
        "d/M/yyyy",
        "M/d/yy",
        "d/M/yy",
        "dd-MM-yyyy",
        "MM-dd-yyyy",
        "dd-MMM-yy",
        "dd-MMM-yyyy",
        "d MMM yyyy",
        "d MMMM yyyy",
        "MMM d, yyyy",
        "MMMM d, yyyy",
    ];

    private static readonly string[] Times =
    [
        "",
        " HH:mm",
        " HH:mm:ss",
        " HH:mm:ss.fff",
        " HH:mm:ss.ffffff",
        "'T'HH:mm",
        "'T'HH:mm:ss",
        "'T'HH:mm:ss.fff",
        "'T'HH:mm:ss.ffffff",
        " H:mm",
        " h:mm tt",
        " h:mm:ss tt",
    ];

    private static readonly string[] Offsets = ["", "zzz", " zzz", "'Z'"];

    /// <summary>The formats, days before timestamps with the same day.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. Days.SelectMany(
            d => Times.SelectMany(t => Offsets.Where(o => t.Length > 0 || o.Length == 0), (t, o) => t + o),
            (d, rest) => d + rest
        ),
    ];
}
