using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain.Orders;
using Etl.Infrastructure.Stage;
using Etl.Infrastructure.Stage.Csv;

namespace Etl.Benchmarks;

/// <summary>Reads, validates and hashes 100,000 orders in memory, unquoted and with every field quoted.</summary>
[MemoryDiagnoser]
public class ParserBenchmarks
{
    private readonly Dictionary<string, byte[]> files = [];
    private SnapshotReader reader = null!;

    /// <summary>The form of the fields.</summary>
    [Params("plain", "quoted")]
    public string Form { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        var quote = Form == "quoted" ? "\"" : "";
        var text = new StringBuilder("order_id,customer_id,order_date,product_id,unit_price,quantity,total_price\n");
        for (var i = 1; i <= 100_000; i++)
        {
            text.AppendJoin(
                ',',
                new object[] { i, i % 977 + 1, "2022-09-05", i % 36 + 1, "19.99", 2, "39.98" }.Select(v =>
                    Field(v, quote)
                )
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
        var result = await reader.ReadAsync(Order.Dataset, file, new CountingSink(), null, CancellationToken.None);
        return result.Validator.Accepted;
    }

    private static string Field(object value, string quote) =>
        string.Create(CultureInfo.InvariantCulture, $"{quote}{value}{quote}");
}
