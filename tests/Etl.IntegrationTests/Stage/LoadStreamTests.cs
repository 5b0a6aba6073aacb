using System.Globalization;
using System.Text;
using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Quality;
using Etl.Infrastructure.Ledger;
using Etl.Infrastructure.Postgres;
using Etl.Infrastructure.Stage;
using Etl.TestKit;
using Npgsql;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Stage;

/// <summary>A table that several sessions fill.</summary>
public sealed class LoadStreamTests
{
    private const int Rows = 16_000;
    private const string Header = "order_id,customer_id,order_date,product_id,unit_price,quantity,total_price\n";

    private readonly PostgresServer server;

    public LoadStreamTests(PostgresServer server)
    {
        CitusCluster.Excludes("a file is loaded by one session");
        this.server = server;
    }

    public static TheoryData<string> Kinds =>
        ["clean", "invalid rows", "repeated keys", "repeated keys beyond memory", "quoted line breaks", "parts"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Four_sessions_leave_what_one_session_leaves(string kind)
    {
        var one = await LoadAsync(kind, streams: 1);
        var four = await LoadAsync(kind, streams: 4);

        four.Results.ShouldBe(one.Results);
        four.Tables.ShouldBe(one.Tables);
        one.Sessions.ShouldBe(1);
        // Those of repeated keys put rows back.
        four.Sessions.ShouldBe(4);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(3, 0)]
    [InlineData(4, 1)]
    [InlineData(6, 3)]
    [InlineData(64, 3)]
    public async Task The_cores_that_the_loads_leave_idle_open_further_sessions(int cores, int further)
    {
        await using var database = await server.CreateDatabaseAsync();
        await BeginAsync(database);
        var streams = StreamsOf(new PostgresOptions { Cores = cores }, database.DataSource);

        (await CountAsync(streams, database, bytes: 8 << 20)).ShouldBe(further);
        (await CountAsync(streams, database, bytes: (8 << 20) - 1)).ShouldBe(0);
    }

    [Fact]
    public async Task Loads_share_the_idle_cores_and_give_them_back()
    {
        await using var database = await server.CreateDatabaseAsync();
        await BeginAsync(database);
        var streams = StreamsOf(new PostgresOptions { Cores = 7 }, database.DataSource);
        await using (await database.DataSource.OpenConnectionAsync())
        {
            await using var first = await database.DataSource.OpenConnectionAsync();
            await using var transaction = await first.BeginTransactionAsync();
            await using var taken = await OpenAsync(streams, first, bytes: 1 << 30);

            taken!.Connections.Count.ShouldBe(3);
            (await CountAsync(streams, database, bytes: 1 << 30)).ShouldBe(1);
        }

        (await CountAsync(streams, database, bytes: 1 << 30)).ShouldBe(3);
    }

    [Fact]
    public async Task A_cluster_or_a_small_pool_has_no_further_sessions()
    {
        await using var database = await server.CreateDatabaseAsync();
        await BeginAsync(database);
        var cluster = new PostgresOptions { Cores = 64, Distribution = DistributionKind.Citus };
        (await CountAsync(StreamsOf(cluster, database.DataSource), database, bytes: 1 << 30)).ShouldBe(0);

        await using var pool = NpgsqlDataSource.Create($"{database.ConnectionString};Maximum Pool Size=13");
        var streams = StreamsOf(new PostgresOptions { Cores = 64 }, pool);
        (await CountAsync(streams, database, bytes: 1 << 30)).ShouldBe(1);
    }

    [Fact]
    public async Task A_load_goes_on_where_the_server_has_no_more_connections()
    {
        await using var database = await server.CreateDatabaseAsync();
        await BeginAsync(database);
        await using var pool = NpgsqlDataSource.Create($"{database.ConnectionString};Maximum Pool Size=1;Timeout=1");
        await using var busy = await pool.OpenConnectionAsync();
        var streams = new LoadStreams(pool, Owner, 3, largeBytes: 0);

        (await CountAsync(streams, database, bytes: 1)).ShouldBe(0);
    }

    [Fact]
    public async Task A_process_that_was_taken_over_adds_no_rows()
    {
        await using var run = await StagedRun.BeginAsync(server, streams: 4);
        await run.ExecuteAsync("update etl.runs set lease_owner = 'another process'");

        var error = (await Should.ThrowAsync<EtlException>(run.LoadAsync("orders", Header + Order(1)))).Error;

        error.Code.ShouldBe(ErrorCode.LeaseLost);
        (await run.QueryAsync("select count(*)::text from run_20220905_001.orders")).ShouldBe(["0"]);
    }

    [Fact]
    public async Task A_table_that_has_rows_already_is_not_loaded_twice()
    {
        await using var run = await StagedRun.BeginAsync(server, streams: 4);
        var text = Header + string.Concat(RowsOf("clean"));
        await run.LoadAsync("orders", text);

        await Should.ThrowAsync<EtlException>(run.LoadAsync("orders", text));

        (await run.QueryAsync("select count(*)::text from run_20220905_001.orders")).ShouldBe([$"{Rows}"]);
    }

    private static LeaseOwner Owner { get; } = new();

    private async Task<(string Results, string Tables, int Sessions)> LoadAsync(string kind, int streams)
    {
        var budget = kind == "repeated keys beyond memory" ? 8_000 : 1 << 24;
        var dataset = kind == "quoted line breaks" ? "sales" : "orders";
        await using var run = await StagedRun.BeginAsync(
            server,
            new QualityOptions { MaxRejectedPercent = 100 },
            keyBudget: budget,
            streams: streams
        );
        var parts = kind == "parts" ? 2 : 1;
        var rows = RowsOf(kind).Chunk((Rows + 500) / parts);
        var header = dataset == "sales" ? "sale_ref,sold_on,price,pieces,note\n" : Header;
        var staged = await run.LoadPartsAsync(
            dataset,
            [.. rows.Select((r, i) => ($"part-{i}.csv", Encoding.UTF8.GetBytes(header + string.Concat(r))))]
        );
        staged.ShouldAllBe(s => s.RowCounts.IsReconciled);
        var results = staged.Select(s =>
            $"{s.Sha256} {s.RowCounts} {string.Join(' ', s.Sums)} {string.Join(' ', s.RejectsByCode)} "
            + string.Join(' ', s.FirstRejects.Select(r => $"{r.Line} {r.ByteOffset} {r.Message}"))
        );
        string[] tables =
        [
            $"run_20220905_001.{dataset}",
            "(select part, line, byte_offset, column_name, code, message, raw from etl.quarantine)",
            "etl.reject_counts",
        ];
        var rollups = await run.QueryAsync(
            "select 'run_20220905_001.' || tablename from pg_tables where tablename like '%_rollup' order by 1"
        );
        var digests = new List<string>();
        foreach (var table in tables.Concat(rollups))
        {
            var rowsOfTable = await run.QueryAsync(
                $"select count(*) || ' ' || md5(string_agg(t::text, chr(10) order by t::text)) from {table} as t"
            );
            digests.Add($"{table} {rowsOfTable.Single()}");
        }

        var sessions = await run.QueryAsync($"select count(distinct xmin::text)::text from run_20220905_001.{dataset}");
        return (
            string.Join('\n', results),
            string.Join('\n', digests),
            int.Parse(sessions.Single(), CultureInfo.InvariantCulture)
        );
    }

    private static IEnumerable<string> RowsOf(string kind)
    {
        for (var i = 1; i <= Rows; i++)
        {
            yield return kind switch
            {
                "quoted line breaks" =>
                    $"sale {i},2025-06-01,{i}.5,{i},\"a note,\nof \"\"{new string('x', i % 90)}\"\"\r\n{i}\"\n",
                "invalid rows" when i % 97 == 0 => $"{i},1,2022-01-01,1,x,1,1\n",
                "invalid rows" when i % 301 == 0 => "\"1\n",
                _ => Order(i),
            };
        }

        for (var i = 0; i < 500 && kind.StartsWith("repeated", StringComparison.Ordinal); i++)
        {
            yield return Order(1 + (i * 23 % 400 * 30));
        }
    }

    private static string Order(int i) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{i * 7919L},{(i % 100) + 1},2022-01-{(i % 28) + 1:00},{(i % 9) + 1},{i}.25,{i},{i}.5\n"
        );

    private static async Task BeginAsync(TestDatabase database)
    {
        await database.ExecuteAsync(
            $"""
            insert into etl.runs (run_id, business_date, number, as_of, trigger, forced, status, started_at, attempts, lease_owner)
            values ('{StagedRun.Id}', '2022-09-05', 1, '2022-09-05', 'manual', false, 'running', '2022-09-05', 1, '{Owner.Text}')
            """
        );
        await StagedRun.NewLoader(database.DataSource).PrepareAsync(StagedRun.Id, CancellationToken.None);
    }

    private static LoadStreams StreamsOf(PostgresOptions options, NpgsqlDataSource database) =>
        LoadStreams.Of(options, database, DatasetCatalog.BuiltIn, Owner);

    /// <summary>The number of further sessions that a load gets.</summary>
    private static async Task<int> CountAsync(LoadStreams streams, TestDatabase database, long bytes)
    {
        await using var first = await database.DataSource.OpenConnectionAsync();
        await using var transaction = await first.BeginTransactionAsync();
        await using var sessions = await OpenAsync(streams, first, bytes);
        return sessions?.Connections.Count ?? 0;
    }

    private static Task<FurtherSessions?> OpenAsync(LoadStreams streams, NpgsqlConnection first, long bytes) =>
        streams.OpenAsync(
            first,
            StagedRun.Id,
            DatasetCatalog.BuiltIn.Named("orders"),
            [new SourceFile("file:///orders.csv", "orders.csv", "1", bytes)],
            CancellationToken.None
        );
}
