using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Datasets;
using Etl.Infrastructure.Stage;
using Etl.Infrastructure.Stage.Csv;
using Etl.TestKit;

namespace Etl.Benchmarks;

/// <summary>
/// Reads, validates and hashes 100,000 orders in memory: unquoted, with every field quoted, with declared dates, amounts
/// and delimiters, and with ids as text.
/// </summary>
[MemoryDiagnoser]
public class ParserBenchmarks
{
    private static readonly FileFormat Dates = new() { DateFormats = ["dd.MM.yyyy"] };
    private static readonly FileFormat Amounts = new() { DecimalSeparator = ',', Delimiter = ';' };

    private readonly Dictionary<string, byte[]> files = [];
    private SnapshotReader reader = null!;
    private Dataset dataset = null!;

    /// <summary>The form of the fields.</summary>
    [Params("plain", "quoted", "dates", "amounts", "german", "text ids", "UUIDs")]
    public string Form { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        var format = Form switch
        {
            "dates" => Dates,
            "amounts" => Amounts,
            "german" => Amounts with { DateFormats = Dates.DateFormats, ThousandsSeparator = "." },
            _ => FileFormat.Standard,
        };
        var datasets = Form is "text ids" or "UUIDs" ? Configured.TextIds : DatasetCatalog.BuiltIn;
        dataset = datasets.Named("orders") with { Format = format };
        var delimiter = format.Delimiter ?? ',';
        var day = new DateOnly(2022, 9, 5).ToString(format.DateFormats[0], CultureInfo.InvariantCulture);
        var (price, total) = (Amount("19.99", format), Amount("39.98", format));
        var header = "order_id,customer_id,order_date,product_id,unit_price,quantity,total_price\n";
        var text = new StringBuilder(header.Replace(',', delimiter));
        var quote = Form == "quoted" ? "\"" : "";
        for (var i = 1; i <= 100_000; i++)
        {
            text.AppendJoin(
                delimiter,
                new object[]
                {
                    Id("#", i),
                    Id("customer ", i % 977 + 1),
                    day,
                    Id("SKU-", i % 36 + 1),
                    price,
                    2,
                    total,
                }.Select(v => Field(v, quote))
            );
            text.Append('\n');
        }

        files["orders.csv"] = Encoding.UTF8.GetBytes(text.ToString());
        reader = new SnapshotReader(new InMemory(files), ParserSettings.Of(new QualityOptions()));
    }

    [Benchmark]
    public async Task<long> Read()
    {
        var file = new SourceFile("memory:///orders.csv", "orders.csv", "v1", files["orders.csv"].Length);
        var result = await reader.ReadAsync(dataset, file, new CountingSink(), null, CancellationToken.None);
        return result.Validator.Accepted == 100_000
            ? result.Validator.Accepted
            : throw new InvalidOperationException("The benchmark's own rows were rejected.");
    }

    private static string Amount(string amount, FileFormat format) => amount.Replace('.', format.DecimalSeparator);

    private object Id(string kind, int number) =>
        Form switch
        {
            "text ids" => $"{kind}{number}",
            "UUIDs" => new Guid(number, 7, 7, Encoding.ASCII.GetBytes("customer")),
            _ => number,
        };

    private static string Field(object value, string quote) =>
        string.Create(CultureInfo.InvariantCulture, $"{quote}{value}{quote}");
}
