using System.Text;
using System.Text.Json;
using Etl.Hosts.Console;
using Etl.Hosts.Console.Cli;
using Etl.TestKit;

namespace Etl.IntegrationTests.Quarantine;

/// <summary>The program in this process, on days of a few rows that a test writes down, and a database of its own.</summary>
internal sealed class SmallShop : IAsyncDisposable
{
    public const string Monday = "2022-09-05";
    public const string Tuesday = "2022-09-06";
    public const string OrdersHeader = "order_id,customer_id,order_date,product_id,unit_price,quantity,total_price\n";

    private readonly TestDatabase database;

    private SmallShop(TestDatabase database) => this.database = database;

    public string Folder { get; } = Directory.CreateTempSubdirectory("etl-shop-").FullName;

    public string Lake => Path.Combine(Folder, "lake");

    public string Source => Path.Combine(Folder, "in", "{date}");

    public static async Task<SmallShop> OpenAsync(PostgresServer server) => new(await server.CreateDatabaseAsync());

    /// <summary>A shop whose database compares text by a language, as most do.</summary>
    public static async Task<SmallShop> OpenAsync(PostgresServer server, string icuLocale) =>
        new(await server.CreateDatabaseAsync(migrated: false, icuLocale));

    public string FileOf(string name, string day = Monday) => Path.Combine(Folder, "in", day, name);

    public SmallShop Write(string name, string content, string day = Monday) =>
        Write(name, Encoding.UTF8.GetBytes(content), day);

    public SmallShop Write(string name, byte[] content, string day = Monday)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FileOf(name, day))!);
        File.WriteAllBytes(FileOf(name, day), content);
        return this;
    }

    /// <summary>Three files of four good rows each.</summary>
    public SmallShop WriteDay(string day = Monday)
    {
        var orders = Enumerable.Range(1, 4).Select(i => $"{i},9,2021-12-2{i},{i % 2 + 1},10.50,2,21.00\n");
        var shipments = Enumerable.Range(1, 4).Select(i => $"{i},{i},2021-12-3{i % 2},\n");
        var note = day == Monday ? "" : $"5,{day[^1]}\n";
        return Write("orders.csv", OrdersHeader + string.Concat(orders) + $"5,9,2022-01-0{day[^1]},1,1,1,1\n", day)
            .Write("reviews.csv", $"review,product_id\n5,1\n4,1\n3,2\n1,2\n{note}", day)
            .Write(
                "shipment_deliveries.csv",
                $"shipment_id,order_id,shipment_date,delivery_date\n{string.Concat(shipments)}9,5,2022-01-0{day[^1]},\n",
                day
            );
    }

    /// <summary>A run of a day, with what else is given.</summary>
    public Task<Answer> RunAsync(string day, params string[] more) =>
        EtlAsync(["run", "--source", Source, "--lake", Lake, "--date", day, .. more]);

    public Task<Answer> CheckAsync(string day, params string[] more) =>
        AnswerAsync([
            .. (string[])["check", "--source", Source, "--date", day, "--Etl:Quality:MaxRejectedPercent=100", "--json"],
            .. more,
        ]);

    public Task<Answer> EtlAsync(params string[] args) =>
        AnswerAsync([
            .. args,
            "--connection",
            database.ConnectionString,
            "--json",
            .. CitusCluster.Arguments(database),
        ]);

    private static async Task<Answer> AnswerAsync(string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal(output, error, OutIsTerminal: false, ErrorIsTerminal: false);
        var code = await EtlCli.RunAsync(args, terminal);
        return new Answer(code, output.ToString(), error.ToString());
    }

    public Task ExecuteAsync(string sql) => database.ExecuteAsync(sql);

    /// <inheritdoc cref="TestDatabase.QueryAsync"/>
    public Task<IReadOnlyList<string>> QueryAsync(string sql) => database.QueryAsync(sql);

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}

/// <summary>What the program answered.</summary>
internal sealed record Answer(int ExitCode, string Out, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Out).RootElement;

    public string? Code => Json.GetProperty("error").GetProperty("code").GetString();

    public IReadOnlyList<string> Warnings =>
        [.. Json.GetProperty("warnings").EnumerateArray().Select(w => w.GetString()!)];
}
