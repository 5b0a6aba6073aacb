using Etl.IntegrationTests.Console;
using Etl.TestKit;

namespace Etl.IntegrationTests.Extensions;

/// <summary>A workplace with a folder of extensions: a dataset of returns, a mart and a data test of it.</summary>
internal sealed class Extended : IAsyncDisposable
{
    public const string Dataset = """
        {
          "name": "returns",
          "files": ["returns.csv"],
          "columns": [
            { "name": "return_id", "type": "id" },
            { "name": "order_id", "type": "id(order)" },
            { "name": "refund", "type": "money", "max": 500 },
            { "name": "return_date", "type": "date", "nullable": true, "aliases": ["returned on"] }
          ],
          "key": ["return_id"],
          "format": { "delimiter": ";", "decimalSeparator": "," }
        }
        """;

    public const string Mart = """
        -- grain: one row per month with a return
        -- inputs: returns
        -- key: return_month
        -- columns:
        --   return_month date not null,
        --   returns bigint not null,
        --   refund numeric(20, 2) not null
        select
          sum(refund) as refund,
          date_trunc('month', return_date)::date as return_month,
          count(*) as returns
        from returns
        where return_date is not null
        group by 2;
        """;

    public const string Test = """
        -- severity: warn
        -- meaning: returns of unknown orders
        -- inputs: returns, orders
        select r.return_id
        from returns as r
        where not exists (select from orders as o where o.order_id = r.order_id);
        """;

    /// <summary>Line 5 is above the bound of a refund; order 999999 does not exist.</summary>
    public const string Csv =
        "return_id;order_id;refund;returned on\n1;1;9,90;2025-01-02\n2;2;5;\n3;999999;1,25;2025-01-09\n4;8;900;2025-02-01\n";

    private Extended(Workplace place) => Place = place;

    public Workplace Place { get; }

    public string Folder => Path.Combine(Place.Folder, "extensions");

    public static async Task<Extended> CreateAsync(PostgresServer server)
    {
        var extended = new Extended(await Workplace.CreateAsync(server));
        await File.WriteAllTextAsync(extended.Place.SourceFile("returns.csv"), Csv);
        await extended.WriteAsync("datasets/returns.json", Dataset);
        await extended.WriteAsync("marts/returns_by_month.sql", Mart);
        await extended.WriteAsync("tests/return_without_order.sql", Test);
        return extended;
    }

    /// <summary>Writes a file of the folder; null removes it.</summary>
    public async Task WriteAsync(string path, string? text)
    {
        var full = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.Delete(full);
        if (text is not null)
        {
            await File.WriteAllTextAsync(full, text);
        }
    }

    /// <summary>Runs a verb with the folder; most verbs need the place's source, lake and database.</summary>
    public Task<EtlProcess> EtlAsync(params string[] line) => EtlOnAsync(Place.Connection, line);

    /// <summary>Runs a verb with the folder and another connection.</summary>
    public Task<EtlProcess> EtlOnAsync(string connection, params string[] line) =>
        EtlProcess.RunAsync(Place.Folder, [.. line, .. Settings(connection), "--json"]);

    public Task<EtlProcess> RunAsync(params string[] more) => Place.RunAsync([.. Settings(Place.Connection), .. more]);

    public ValueTask DisposeAsync() => Place.DisposeAsync();

    private string[] Settings(string connection) =>
        [
            $"--Etl:Extensions:Directory={Folder}",
            $"--Etl:Source:Uri={Place.Source}",
            $"--Etl:Lake:Uri={Place.Lake}",
            $"--Etl:Postgres:ConnectionString={connection}",
            "--Etl:Quality:MaxRejectedPercent=50",
            "--Etl:Quality:OnUnchanged=Allow",
        ];
}
