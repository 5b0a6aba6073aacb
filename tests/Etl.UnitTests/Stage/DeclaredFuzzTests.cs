using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CsvHelper;
using Etl.Application.Options;
using Etl.Domain;
using Etl.Domain.Datasets;
using Etl.Infrastructure.Stage.Csv;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Stage;

/// <summary>
/// The reader against CsvHelper, <see cref="DateTimeOffset"/> and a pattern of numbers, over generated files of declared
/// formats, in every encoding and compression, torn at any place. Seeds are fixed; a failure names the one that shows it.
/// </summary>
public sealed class DeclaredFuzzTests
{
    private static readonly IReadOnlyList<Dataset> Datasets = [.. DatasetCatalog.BuiltIn.All, Sales.Dataset];

    [Fact]
    public async Task Files_of_declared_formats_are_read_as_CsvHelper_reads_them() =>
        await Parallel.ForAsync(
            0,
            FuzzedFiles.Count,
            async (seed, _) =>
            {
                var random = new Random((int)seed);
                var csv = new DeclaredCsv(random, Datasets[(int)seed % Datasets.Count]);
                var bytes = csv.Bytes;
                var readSize = random.Next(1, bytes.Length + 2);
                var reading = await Reading.OfAsync(
                    csv.Dataset,
                    bytes,
                    new QualityOptions(),
                    random.Next(1, bytes.Length + 2),
                    readSize
                );
                var failure = $"seed {seed}, read size {readSize}, {csv}";
                string.Join('\n', reading.Outcomes).ShouldBe(string.Join('\n', Expected(csv)), failure);
                var counts = reading.Result.Validator;
                (counts.Read - counts.Skipped).ShouldBe(reading.Outcomes.Count, failure);
            }
        );

    [Fact]
    public async Task A_file_is_the_same_with_the_edge_of_a_buffer_at_each_of_its_bytes() =>
        await Parallel.ForAsync(
            0,
            FuzzedFiles.Count / 200,
            async (seed, _) =>
            {
                var csv = new DeclaredCsv(new Random((int)seed), Datasets[(int)seed % Datasets.Count]);
                var whole = (await ReadAsync(csv, int.MaxValue)).Everything();
                for (var edge = 1; edge < Math.Max(csv.Bytes.Length, csv.Records.Length); edge++)
                {
                    (await ReadAsync(csv, edge)).Everything().ShouldBe(whole, $"seed {seed}, edge {edge}, {csv}");
                }
            }
        );

    [Fact]
    public void Every_part_of_a_format_is_among_the_files_of_every_dataset()
    {
        var met = new HashSet<string>();
        for (var seed = 0; seed < 3000; seed++)
        {
            var csv = new DeclaredCsv(new Random(seed), Datasets[seed % Datasets.Count]);
            met.UnionWith(csv.Format.Parts.Select(p => $"{csv.Dataset.Name} {p}"));
        }

        // 9 encodings, 3 compressions, 6 delimiters, 6 kinds of numbers, 8 lists of dates, and two of each other part.
        met.Count.ShouldBe(
            Datasets.Count * (9 + 3 + 2 + 6 + 2 + 3 + 2 + 6 + 8 + 2),
            string.Join('\n', met.Order(StringComparer.Ordinal))
        );
    }

    private static Task<Reading> ReadAsync(DeclaredCsv csv, int edge) =>
        Reading.OfAsync(csv.Dataset, csv.Bytes, new QualityOptions(), edge, edge == int.MaxValue ? 0 : edge);

    /// <summary>What CsvHelper's records are by other means than the reader's, one outcome for each.</summary>
    private static List<string> Expected(DeclaredCsv file)
    {
        var (dataset, bytes, prefix) = (file.Dataset, file.Records, Encoding.UTF8.GetByteCount(file.Prefix));
        using var csv = CsvReader.Create(
            file.PeerRecords,
            new CsvReaderOptions
            {
                Separator = dataset.Format.Delimiter ?? ',',
                Quote = dataset.Format.Quote,
                HasHeader = false,
                SkipEmptyLines = true,
                TrimWhitespace = true,
                TrimInsideQuotes = true,
                TrackLineNumbers = true,
            }
        );
        var width = file.Order.Count;
        if (dataset.Format.Header.Count == 0)
        {
            csv.Read();
            width = csv.FieldCount;
        }

        var (keys, outcomes) = (new HashSet<string>(), new List<string>());
        while (csv.Read())
        {
            var record = Enumerable
                .Range(0, csv.FieldCount)
                .Select(i => csv.GetString(i).Replace(DeclaredCsv.Backslash, '\\'))
                .ToList();
            if (record.TrueForAll(v => v.Length == 0))
            {
                continue;
            }

            var (code, column, values) = record.Count == width ? Row(file, record) : (RejectCode.FieldCount, null, []);
            if (
                code == RejectCode.None
                && dataset.Key.Count > 0
                && !keys.Add(string.Join('|', dataset.KeyIndexes.Select(i => values[i])))
            )
            {
                (code, column) = (RejectCode.DuplicateKey, string.Join(", ", dataset.Key));
            }

            var (start, length) = ((int)csv.ByteOffset, csv.RawRecord.Length);
            outcomes.Add(
                code == RejectCode.None
                    ? string.Join('|', values)
                    : Reading.Rejected(
                        code,
                        column,
                        csv.LineNumber + file.PrefixLines,
                        start + prefix,
                        bytes.AsSpan(start, length)
                    )
            );
        }

        return outcomes;
    }

    private static (RejectCode Code, string? Column, string[] Values) Row(DeclaredCsv file, List<string> record)
    {
        var columns = file.Dataset.Columns.ToList();
        var values = columns.ConvertAll(c => file.Dataset.Format.Constants.GetValueOrDefault(c.Name, "")).ToArray();
        foreach (var (constant, i) in values.Select((v, i) => (v, i)).Where(v => v.v.Length > 0).ToList())
        {
            values[i] = columns[i].Type == FieldType.Money ? $"{constant}.00" : constant;
        }

        foreach (var (i, column) in file.Order.Index())
        {
            if (column is not null)
            {
                var (code, value) = Field(column, file.Dataset.Format, record[i]);
                if (code != RejectCode.None)
                {
                    return (code, column.Name, values);
                }

                values[columns.IndexOf(column)] = value;
            }
        }

        return (RejectCode.None, null, values);
    }

    private static (RejectCode Code, string Value) Field(Column column, FileFormat format, string field)
    {
        if (field.Length == 0 || format.NullTokens.Contains(field))
        {
            return (column.Nullable ? RejectCode.None : RejectCode.NullNotAllowed, "");
        }

        if (column.Type == FieldType.Date)
        {
            return Day(format, field);
        }

        var plain = column.Type.IsText ? field : Number(format, field);
        if (plain is null)
        {
            return (RejectCode.NotANumber, "");
        }

        var bytes = Encoding.UTF8.GetBytes(plain);
        var code = FieldRules.Read(column.Type.Rule, bytes, out var number);
        return (code, code == RejectCode.None ? Reading.Show(column.Type, number, bytes) : "");
    }

    private static (RejectCode Code, string Value) Day(FileFormat format, string field)
    {
        var code = RejectCode.BadDate;
        foreach (var text in format.DateFormats)
        {
            if (
                DateTimeOffset.TryParseExact(
                    field,
                    text,
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal,
                    out var time
                )
            )
            {
                var zone = TimeZoneInfo.FindSystemTimeZoneById(format.TimeZone);
                var day = DateOnly.FromDateTime(
                    (text.Contains('z') ? TimeZoneInfo.ConvertTime(time, zone) : time).DateTime
                );
                if (day >= FieldRules.MinDate && day <= FieldRules.MaxDate)
                {
                    return (RejectCode.None, day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
                }

                code = RejectCode.OutOfRange;
            }
        }

        return (code, "");
    }

    /// <summary>A number as the standard format has it; null if the separators do not stand as in one.</summary>
    private static string? Number(FileFormat format, string field)
    {
        var (point, group) = (
            Regex.Escape($"{format.DecimalSeparator}"),
            Regex.Escape(format.ThousandsSeparator ?? "\0")
        );
        return Regex.IsMatch(field, $@"\A[-+]?([0-9]*|[0-9]{{1,3}}({group}[0-9]{{3}})+)({point}[0-9]*)?\z")
            ? field
                .Replace(format.ThousandsSeparator ?? "\0", "", StringComparison.Ordinal)
                .Replace(format.DecimalSeparator, '.')
            : null;
    }
}
