using System.IO.Compression;
using System.Text;
using Etl.Domain.Datasets;
using ZstdSharp;

namespace Etl.UnitTests.Stage;

/// <summary>A declared format from a seed, and the bytes of a file in it.</summary>
internal sealed class RandomFormat
{
    private static readonly string[][] Dates =
    [
        ["yyyy-MM-dd"],
        ["dd.MM.yyyy"],
        ["d.M.yyyy", "yyyy-MM-dd"],
        ["MM/dd/yyyy", "yyyyMMdd"],
        ["dd-MMM-yy"],
        ["yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd"],
        ["M/d/yyyy h:mm tt"],
        ["yyyy-MM-ddTHH:mm:sszzz"],
    ];

    private static readonly (char Point, string? Group)[] Numbers =
    [
        ('.', null),
        (',', null),
        (',', "."),
        ('.', ","),
        ('.', "'"),
        (',', "\u00A0"),
    ];

    /// <summary>Names of encodings, with a byte order mark and the encoding that the settings declare beside it.</summary>
    private static readonly (string Name, bool HasMark, string Declared)[] Encodings =
    [
        ("utf-8", false, "utf-8"),
        ("windows-1252", false, "windows-1252"),
        ("iso-8859-15", false, "iso-8859-15"),
        ("ibm850", false, "ibm850"),
        ("gb18030", false, "gb18030"),
        ("shift_jis", false, "shift_jis"),
        ("utf-16", false, "utf-16"),
        ("utf-16", true, "utf-8"),
        ("utf-16BE", true, "windows-1252"),
    ];

    private readonly Encoding encoding;
    private readonly bool hasMark;

    public RandomFormat(Random random)
    {
        var (name, mark, declared) = Encodings[random.Next(Encodings.Length)];
        (encoding, hasMark) = (TextEncodings.Find(name)!, mark);
        var (point, group) = Numbers[random.Next(Numbers.Length)];
        var quote = random.Next(4) == 0 ? '\'' : '"';
        Compression = new[] { "none", "none", "gzip", "zstd" }[random.Next(4)];
        HasHeader = random.Next(4) > 0;
        Format = new FileFormat
        {
            Encoding = declared,
            Delimiter = random.Next(6) == 0 ? null : ",;|\t^"[random.Next(5)],
            Quote = quote,
            Escape = random.Next(3) == 0 ? '\\' : quote,
            SkipLines = random.Next(4) == 0 ? random.Next(1, 4) : 0,
            DecimalSeparator = point,
            ThousandsSeparator = group,
            DateFormats = Dates[random.Next(Dates.Length)],
            TimeZone = random.Next(2) == 0 ? "UTC" : "Europe/Berlin",
            NullTokens = random.Next(3) == 0 ? ["NULL", "-"] : [],
        };
    }

    public FileFormat Format { get; }

    public string Compression { get; }

    public bool HasHeader { get; }

    /// <summary>What of the format a file shows.</summary>
    public IEnumerable<string> Parts =>
        [
            $"{encoding.WebName} {(hasMark ? "with a mark" : "declared")}",
            Compression,
            HasHeader ? "header" : "no header",
            $"delimiter {Format.Delimiter}",
            $"quote {Format.Quote}",
            $"escape {Format.Escape}",
            $"skipped lines {Format.SkipLines > 0}",
            $"numbers {Format.DecimalSeparator} {Format.ThousandsSeparator}",
            $"dates {string.Join(", ", Format.DateFormats)}",
            $"NULL words {Format.NullTokens.Count > 0}",
        ];

    /// <summary>A value without the letters that the encoding does not have.</summary>
    public string Encodable(string value) => encoding.GetString(encoding.GetBytes(value));

    public byte[] Bytes(string text)
    {
        byte[] encoded = [.. hasMark ? encoding.GetPreamble() : [], .. encoding.GetBytes(text)];
        if (Compression == "zstd")
        {
            using var compressor = new Compressor();
            return compressor.Wrap(encoded).ToArray();
        }

        if (Compression == "none")
        {
            return encoded;
        }

        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(encoded);
        }

        return packed.ToArray();
    }
}
