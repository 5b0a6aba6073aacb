using System.Globalization;
using Etl.Application.Extract;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Application.Transform;
using Etl.Domain;
using Etl.Domain.Analytics;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Etl.Infrastructure.Transform;
using Etl.TestKit;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Etl.IntegrationTests.Transform;

/// <summary>A run whose few rows a test writes down, and the figures that come of them.</summary>
internal sealed class ShopRun : IAsyncDisposable
{
    public static readonly RunId Id = RunId.Parse("20220905-001");
    private readonly TestDatabase database;
    private readonly List<string> statements = [];
    private int orders;
    private int shipments;

    private ShopRun(TestDatabase database) => this.database = database;

    public MemorySource Files { get; } = new();

    public AnalyticsOptions Analytics { get; } = new();

    public CalendarOptions Calendar { get; } = new();

    public SourceFile? Products { get; set; }

    public SourceFile? Dates { get; set; }

    public NpgsqlDataSource DataSource => database.DataSource;

    public string ConnectionString => database.ConnectionString;

    public IAnalyticsTransformer Transformer =>
        new AnalyticsTransformer(
            DatasetCatalog.BuiltIn,
            MartFiles.BuiltIn,
            database.DataSource,
            new RunParameters(Options.Create(Analytics)),
            new RunProducts(DatasetCatalog.BuiltIn, Dimensions),
            new RunCalendar(Dimensions, Options.Create(Calendar)),
            Options.Create(new SchemaOptions()),
            Options.Create(new PostgresOptions()),
            []
        );

    public OptionalDatasets Optional { get; set; } = OptionalDatasets.BuiltIn;

    private DimensionReader Dimensions => new(Files, Optional, Options.Create(new QualityOptions()));

    public static async Task<ShopRun> CreateAsync(PostgresServer server)
    {
        var run = new ShopRun(await server.CreateDatabaseAsync());
        var tables = DatasetCatalog.BuiltIn.All.Select(d =>
            $"create table {d} (like store.{d}); alter table {d} alter load_id set default 1;"
        );
        await run.ExecuteAsync(
            $"create schema {Id.Schema}; set search_path = {Id.Schema}; {string.Join('\n', tables)}"
        );
        return run;
    }

    /// <summary>Adds an order row; its id is the next number.</summary>
    public ShopRun Order(string date, int product, int quantity = 1, string price = "10.00", string? total = null)
    {
        total ??= (decimal.Parse(price, CultureInfo.InvariantCulture) * quantity).ToString(
            CultureInfo.InvariantCulture
        );
        statements.Add($"insert into orders values ({++orders}, 1, '{date}', {product}, {price}, {quantity}, {total})");
        return this;
    }

    /// <summary>Adds reviews of a product, one for each number of stars.</summary>
    public ShopRun Reviews(int product, params int[] stars)
    {
        statements.AddRange(stars.Select(s => $"insert into reviews values ({s}, {product})"));
        return this;
    }

    /// <summary>Adds a shipment row; its id is the next number.</summary>
    public ShopRun Shipment(int order, string? shipped, string? delivered = null)
    {
        statements.Add($"insert into shipments values ({++shipments}, {order}, {Text(shipped)}, {Text(delivered)})");
        return this;

        static string Text(string? day) => day is null ? "null" : $"'{day}'";
    }

    /// <summary>Writes the rows and computes the figures.</summary>
    public async Task BuildAsync(string asOf = "2022-09-05")
    {
        await WriteRowsAsync();
        var day = DateOnly.ParseExact(asOf, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        await Transformer.BuildAsync(Id, day, new DimensionFiles(Products, Dates), CancellationToken.None);
    }

    public async Task WriteRowsAsync()
    {
        if (statements.Count > 0)
        {
            await ExecuteAsync($"set search_path = {Id.Schema}; {string.Join(";", statements)}");
            statements.Clear();
        }
    }

    /// <summary>The rows of a query in the run's schema, each with bars between its values.</summary>
    public async Task<IReadOnlyList<string>> RowsAsync(string sql)
    {
        await using var connection = await database.DataSource.OpenConnectionAsync();
        await using var command = new NpgsqlCommand($"set search_path = {Id.Schema}; {sql}", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            var values = Enumerable.Range(0, reader.FieldCount).Select(i => Show(reader.GetValue(i)));
            rows.Add(string.Join("|", values));
        }

        return rows;
    }

    public async Task<string> RowAsync(string sql) => (await RowsAsync(sql)).Single();

    /// <summary>The names of the data tests that found something, each with its number of rows.</summary>
    public async Task<IReadOnlyList<string>> FindingsAsync()
    {
        var results = await Transformer.TestAsync(Id, CancellationToken.None);
        return [.. results.Where(r => r.Violations != 0).Select(r => $"{r.Name} {r.Violations}")];
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    private static string Show(object value) =>
        value switch
        {
            DBNull => "null",
            DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            DateTime day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            bool flag => flag ? "true" : "false",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
}
