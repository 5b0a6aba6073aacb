using System.Text;
using CsvHelper;
using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Domain;
using Etl.Domain.Datasets;
using Etl.Infrastructure.Stage.Csv;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Stage;

/// <summary>
/// The reader against CsvHelper over generated files of every dialect, torn at any place: the two agree on every field
/// of every record. Seeds are fixed; a failure names the one that shows it.
/// </summary>
public sealed class DifferentialFuzzTests
{
    private static readonly IReadOnlyList<Dataset> Datasets =
    [
        .. DatasetCatalog.BuiltIn.All,
        Sales.Dataset,
        .. Configured.TextIds.All,
        Configured.Refunds.Named("orders"),
    ];

    private static readonly CsvReaderOptions Peer = new()
    {
        Separator = ',',
        HasHeader = false,
        SkipEmptyLines = true,
        TrimWhitespace = true,
        TrimInsideQuotes = true,
        TrackLineNumbers = true,
    };

    [Fact]
    public async Task Files_of_every_dialect_are_read_as_CsvHelper_reads_them() =>
        await Parallel.ForAsync(
            0,
            FuzzedFiles.Count,
            async (seed, _) =>
            {
                var random = new Random((int)seed);
                var dataset = Datasets[(int)seed % Datasets.Count];
                var text = new RandomCsv(random, dataset).Next();
                var bytes = Encoding.UTF8.GetBytes(text);
                var readSize = random.Next(1, bytes.Length + 2);
                var reading = await Reading.OfAsync(
                    dataset,
                    bytes,
                    new QualityOptions(),
                    random.Next(1, bytes.Length + 2),
                    readSize
                );
                var failure = $"seed {seed}, read size {readSize}, file:\n{text}";
                string.Join('\n', reading.Outcomes).ShouldBe(string.Join('\n', Expected(dataset, bytes)), failure);
                (reading.Result.Validator.Read - reading.Result.Validator.Skipped).ShouldBe(
                    reading.Outcomes.Count,
                    failure
                );
            }
        );

    [Fact]
    public void Every_dialect_is_among_the_files_of_every_dataset()
    {
        var met = new HashSet<string>();
        for (var seed = 0; seed < 12_000; seed++)
        {
            var dataset = Datasets[seed % Datasets.Count];
            met.UnionWith(
                DialectsOf(new RandomCsv(new Random(seed), dataset).Next())
                    .Select(d => $"{seed % Datasets.Count} {dataset.Name} {d}")
            );
        }

        met.Count.ShouldBe(Datasets.Count * 15, string.Join('\n', met.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task Mangled_files_never_crash_the_reader_and_its_row_counts_reconcile() =>
        await Parallel.ForAsync(
            0,
            FuzzedFiles.Count,
            async (seed, _) =>
            {
                var random = new Random((int)seed);
                var dataset = Datasets[(int)seed % Datasets.Count];
                var text = new RandomCsv(random, dataset).Next();
                var bytes = Encoding.UTF8.GetBytes(text);
                var body = Math.Max(text.IndexOfAny(['\r', '\n']) + 4, 0);
                for (var wounds = random.Next(1, 8); wounds > 0 && body < bytes.Length; wounds--)
                {
                    bytes[random.Next(body, bytes.Length)] = random.Next(3) switch
                    {
                        0 => (byte)'"',
                        1 => (byte)random.Next(256),
                        _ => (byte)",\n\r\" \t\0"[random.Next(7)],
                    };
                }

                var quality = new QualityOptions { MaxRecordBytes = random.Next(2) == 0 ? 1024 : 64 };
                var whole = await TryReadAsync(dataset, bytes, quality, bytes.Length + 1);
                var torn = await TryReadAsync(dataset, bytes, quality, random.Next(1, 20));
                torn.ShouldBe(whole, $"seed {seed}");
            }
        );

    [Fact]
    public async Task Random_bytes_never_crash_the_reader() =>
        await Parallel.ForAsync(
            0,
            5_000,
            async (seed, _) =>
            {
                var random = new Random((int)seed);
                var noise = new byte[random.Next(1, 3000)];
                random.NextBytes(noise);
                byte[] bytes = random.Next(2) == 0 ? noise : [.. "review,product_id\n"u8, .. noise];
                await TryReadAsync(
                    DatasetCatalog.BuiltIn.Named("reviews"),
                    bytes,
                    new QualityOptions(),
                    random.Next(1, 4000)
                );
            }
        );

    private static IEnumerable<string> DialectsOf(string text)
    {
        var crlf = text.Contains("\r\n", StringComparison.Ordinal);
        var bare = text.Replace("\r\n", "", StringComparison.Ordinal);
        (string Name, bool Has)[] dialects =
        [
            ("CRLF", crlf),
            ("LF", bare.Contains('\n')),
            ("CR", bare.Contains('\r')),
            ("line ends mixed", crlf && bare.Contains('\n') && bare.Contains('\r')),
            ("no line end at the end", text[^1] is not ('\r' or '\n')),
            ("a byte order mark", text[0] == '\uFEFF'),
            ("no byte order mark", text[0] != '\uFEFF'),
            ("no quote", !text.Contains('"')),
            ("a comma in quotes", text.Contains("\"a,b\"", StringComparison.Ordinal)),
            ("a line break in quotes", text.Contains("\"line\nbreak\"", StringComparison.Ordinal)),
            ("doubled quotes", text.Contains("\"say \"\"so\"\"\"", StringComparison.Ordinal)),
            ("blanks around quotes", text.Contains("\" ,", StringComparison.Ordinal)),
            ("columns that nobody asked for", text.Contains("extra0", StringComparison.Ordinal)),
            ("an empty line", text.Contains("\n\n", StringComparison.Ordinal)),
            ("more than one piece", text.Length > MarkScanner.WindowBytes),
        ];
        return dialects.Where(d => d.Has).Select(d => d.Name);
    }

    private static async Task<string> TryReadAsync(Dataset dataset, byte[] bytes, QualityOptions quality, int readSize)
    {
        try
        {
            var reading = await Reading.OfAsync(dataset, bytes, quality, int.MaxValue, readSize);
            var counts = reading.Result.Validator;
            counts.Read.ShouldBe(reading.Rows.Count + reading.Rejects.Count + counts.Skipped);
            reading.Result.BytesRead.ShouldBe(bytes.Length);
            long end = 0;
            foreach (var reject in reading.Rejects)
            {
                reject.ByteOffset.ShouldBeGreaterThanOrEqualTo(end);
                end = reject.ByteOffset + reject.Raw.Length;
                bytes.AsSpan((int)reject.ByteOffset, reject.Raw.Length).SequenceEqual(reject.Raw.Span).ShouldBeTrue();
            }

            return reading.Everything();
        }
        catch (EtlException clear) when (clear.Error.Code is ErrorCode.SourceHeader or ErrorCode.SourceUnreadable)
        {
            return clear.Error.Message;
        }
    }

    /// <summary>What CsvHelper's records are by the domain's rules, one outcome for each.</summary>
    private static List<string> Expected(Dataset dataset, byte[] bytes)
    {
        using var csv = CsvReader.Create(bytes, Peer);
        csv.Read();
        var header = Record(csv);
        var columns = header
            .Select((_, i) => dataset.Columns.FirstOrDefault(c => dataset.Find(c, header)[0] == i))
            .ToList();
        var keys = new HashSet<string>();
        var outcomes = new List<string>();
        while (csv.Read())
        {
            var record = Record(csv);
            if (record.All(v => v.Length == 0) || record.SequenceEqual(header))
            {
                continue;
            }

            var (code, column, text) = Validator(dataset, columns, record);
            var values = text.Split('|');
            if (
                code == RejectCode.None
                && dataset.Key.Count > 0
                && !keys.Add(string.Join('|', dataset.KeyIndexes.Select(i => values[i])))
            )
            {
                (code, column) = (RejectCode.DuplicateKey, string.Join(", ", dataset.Key));
            }

            outcomes.Add(
                code == RejectCode.None
                    ? text
                    : Reading.Rejected(code, column, csv.LineNumber, csv.ByteOffset, csv.RawRecord)
            );
        }

        return outcomes;
    }

    private static List<string> Record(CsvReader csv) => [.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetString)];

    private static (RejectCode Code, string? Column, string Text) Validator(
        Dataset dataset,
        List<Column?> columns,
        List<string> record
    )
    {
        if (record.Count != columns.Count)
        {
            return (RejectCode.FieldCount, null, "");
        }

        var row = new string[dataset.Columns.Count];
        for (var i = 0; i < record.Count; i++)
        {
            if (columns[i] is not { } column)
            {
                continue;
            }

            var number = Row.Null;
            var bytes = Encoding.UTF8.GetBytes(record[i]);
            var code =
                record[i].Length > 0 ? FieldRules.Read(column.Type.Rule, bytes, out number)
                : column.Nullable ? RejectCode.None
                : RejectCode.NullNotAllowed;
            if (code != RejectCode.None)
            {
                return (code, column.Name, "");
            }

            row[dataset.Columns.ToList().IndexOf(column)] = Reading.Show(column.Type, number, bytes);
        }

        return (RejectCode.None, null, string.Join('|', row));
    }
}
