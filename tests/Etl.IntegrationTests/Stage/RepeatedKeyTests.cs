using System.Text;
using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.Domain.Runs;
using Etl.Infrastructure.Stage;
using Etl.TestKit;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Stage;

/// <summary>More keys than there is memory for: the first in file order stays all the same.</summary>
public sealed class RepeatedKeyTests(PostgresServer server)
{
    private const string Header = "shipment_id,order_id,shipment_date,delivery_date\n";

    [Theory]
    [InlineData(8_000)]
    [InlineData(64 * 1024)]
    [InlineData(1 << 20)]
    public async Task The_first_row_of_a_key_stays_whatever_the_memory(long budget)
    {
        await using var run = await StagedRun.BeginAsync(server, keyBudget: budget);
        var (text, first, later) = Shuffled();
        var staged = await run.LoadAsync("shipments", text);
        staged.RowCounts.ShouldBe(new RowCounts(first.Count + later, first.Count, later));
        staged.RejectsByCode.ShouldBe([new(RejectCode.DuplicateKey, later)]);
        staged.FirstRejects.Select(r => r.Line).ShouldBeInOrder();
        (
            await run.QueryAsync(
                "select shipment_id::text, order_id::text from run_20220905_001.shipments order by shipments.shipment_id"
            )
        ).ShouldBe(first.Select(f => $"{f.Key}|{f.Value}"));
        (
            await run.QueryAsync(
                "select count(*)::text, count(distinct byte_offset)::text from etl.quarantine where code = 'duplicate_key'"
            )
        ).ShouldBe([$"{later}|{later}"]);
        (await run.QueryAsync("select relname::text from pg_class where relname like '%repeated%'")).ShouldBeEmpty();

        var file = run.Source.Add("shipments.csv", Encoding.UTF8.GetBytes(text));
        var checker = new SourceChecker(run.Source, Options.Create(new QualityOptions()), budget);
        var check = (
            await checker.CheckAsync(DatasetCatalog.BuiltIn.Named("shipments"), [file], null, CancellationToken.None)
        ).Single();
        check.RowCounts.ShouldBe(staged.RowCounts);
        check
            .FirstRejects.Select(r => (r.Line, r.Message))
            .ShouldBe(staged.FirstRejects.Select(r => (r.Line, r.Message)));
    }

    [Fact]
    public async Task A_publication_of_all_tables_does_not_keep_repeated_keys()
    {
        await using var run = await StagedRun.BeginAsync(server, keyBudget: 8_000);
        await run.ExecuteAsync("create publication everything for all tables");
        var (text, first, _) = Shuffled();

        var staged = await run.LoadAsync("shipments", text);

        staged.RowCounts.Loaded.ShouldBe(first.Count);
    }

    [Theory]
    [InlineData(8_000)]
    [InlineData(256 * 1024)]
    [InlineData(1 << 20)]
    public async Task The_first_row_of_a_text_id_stays_whatever_the_memory(long budget)
    {
        await using var run = await StagedRun.BeginAsync(server, keyBudget: budget, datasets: Configured.TextIds);
        var random = new Random(4);
        var keys = Enumerable.Range(0, 2000).Select(i => $"#{i}{new string('x', random.Next(190))}").ToList();
        keys.AddRange(keys.Take(100).Concat(keys.TakeLast(200)).Concat(keys.TakeLast(200)).ToList());
        var text = Header + string.Concat(keys.Select((key, i) => $"{key},o{i},,\n"));

        var staged = await run.LoadAsync("shipments", text);

        staged.RowCounts.ShouldBe(new RowCounts(2500, 2000, 500));
        (
            await run.QueryAsync(
                """
                select count(*)::text, count(distinct shipment_id)::text, max(substr(order_id, 2)::int)::text
                from run_20220905_001.shipments
                """
            )
        ).ShouldBe(["2000|2000|1999"]);
        var file = run.Source.Add("shipments.csv", Encoding.UTF8.GetBytes(text));
        var checker = new SourceChecker(run.Source, Options.Create(new QualityOptions()), budget);
        var shipments = Configured.TextIds.Named("shipments");
        var check = (await checker.CheckAsync(shipments, [file], null, CancellationToken.None)).Single();
        check.RowCounts.ShouldBe(staged.RowCounts);
    }

    [Theory]
    [InlineData(8_000)]
    [InlineData(64 * 1024)]
    [InlineData(1 << 20)]
    public async Task The_sums_are_those_of_the_rows_that_stay_whatever_the_memory(long budget)
    {
        await using var run = await StagedRun.BeginAsync(server, keyBudget: budget);
        var random = new Random(3);
        var keys = Enumerable.Range(0, 3000).Select(_ => random.NextInt64(1, long.MaxValue)).ToList();
        keys.AddRange(keys.TakeLast(200).Concat(keys.TakeLast(200)).Concat(keys.Take(400)).ToList());
        var rows = keys.Select((key, i) => $"{key},1,2022-01-01,1,{i}.25,{i + 1},{i}.5\n");
        const string OrderHeader = "order_id,customer_id,order_date,product_id,unit_price,quantity,total_price\n";

        var staged = await run.LoadAsync("orders", OrderHeader + string.Concat(rows));

        staged.RowCounts.ShouldBe(new RowCounts(3800, 3000, 800));
        (
            await run.QueryAsync(
                "select sum(unit_price)::text, sum(quantity)::text, sum(total_price)::text from run_20220905_001.orders"
            )
        ).ShouldBe([string.Join('|', staged.Sums)]);
    }

    [Theory]
    [InlineData(8_000)]
    [InlineData(128 * 1024)]
    [InlineData(1 << 20)]
    public async Task The_first_row_of_a_composite_key_stays_whatever_the_memory(long budget)
    {
        await using var run = await StagedRun.BeginAsync(server, keyBudget: budget);
        var random = new Random(11);
        var text = new StringBuilder("sale_ref,sold_on,price,pieces,note\n");
        var first = new Dictionary<string, int>();
        var later = 0;
        for (var i = 1; i <= 3000; i++)
        {
            var day = random.Next(3) == 0 ? "" : $"2025-06-0{random.Next(1, 4)}";
            var key = $"größe {random.Next(900)},{day}";
            later += first.TryAdd(key, i) ? 0 : 1;
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{key},1,{i},\n");
        }

        var staged = await run.LoadAsync("sales", text.ToString());

        later.ShouldBeGreaterThan(100);
        staged.RowCounts.ShouldBe(new RowCounts(3000, first.Count, later));
        staged.RejectsByCode.ShouldBe([new(RejectCode.DuplicateKey, later)]);
        (
            await run.QueryAsync(
                "select sale_ref || ',' || coalesce(sold_on::text, ''), pieces::text from run_20220905_001.sales order by sales.pieces"
            )
        ).ShouldBe(first.OrderBy(f => f.Value).Select(f => $"{f.Key}|{f.Value}"));
        staged.Sums.Select(s => s.ToString()).ShouldBe([$"{first.Count}.00", $"{first.Values.Sum()}"]);

        var file = run.Source.Add("sales.csv", Encoding.UTF8.GetBytes(text.ToString()));
        var checker = new SourceChecker(run.Source, Options.Create(new QualityOptions()), budget);
        var check = (await checker.CheckAsync(Sales.Dataset, [file], null, CancellationToken.None)).Single();
        check.RowCounts.ShouldBe(staged.RowCounts);
        check
            .FirstRejects.Select(r => (r.Line, r.Message))
            .ShouldBe(staged.FirstRejects.Select(r => (r.Line, r.Message)));
    }

    [Fact]
    public async Task A_file_that_changes_before_it_is_read_again_for_its_keys_fails_the_load()
    {
        await using var run = await StagedRun.BeginAsync(server, keyBudget: 8_000);
        var text = Encoding.UTF8.GetBytes(Shuffled().Text);
        run.Source.Later = [.. text];
        run.Source.Later[^4] = run.Source.Later[^4] == '1' ? (byte)'2' : (byte)'1';

        var error = (await Should.ThrowAsync<EtlException>(run.LoadAsync("shipments", text))).Error;

        error.Code.ShouldBe(ErrorCode.SourceChanged);
        (await run.QueryAsync("select count(*)::text from run_20220905_001.shipments")).ShouldBe(["0"]);
    }

    [Fact]
    public async Task A_replay_of_more_keys_than_there_is_memory_for_is_refused_and_changes_nothing()
    {
        await using var run = await StagedRun.BeginAsync(server, keyBudget: 8_000);
        var published = RunId.Parse("20220904-001");
        var shipments = DatasetCatalog.BuiltIn.Named("shipments");
        await run.ExecuteAsync(
            $"""
            insert into etl.runs (run_id, business_date, number, as_of, trigger, forced, status, started_at, attempts)
            values ('{published}', '2022-09-04', 1, '2022-09-04', 'manual', false, 'succeeded', '2022-09-04', 1)
            """
        );
        await run.Loader.PrepareAsync(published, CancellationToken.None);
        var there = run.Source.Add("there.csv", Encoding.UTF8.GetBytes(Header + "1,1,,\n"));
        await run.Loader.LoadAsync(published, shipments, [there], null, CancellationToken.None);
        var corrected = run.Source.Add("corrected.csv", Encoding.UTF8.GetBytes(Shuffled().Text));

        var replay = run.Loader.ReplayAsync(
            StagedRun.Id,
            published,
            shipments,
            [corrected],
            null,
            CancellationToken.None
        );
        var error = (await Should.ThrowAsync<EtlException>(replay)).Error;

        error.Code.ShouldBe(ErrorCode.SourceVolume);
        error.Message.ShouldBe("corrected.csv has too many keys for a replay.");
        error.NextStep.ShouldStartWith("Replay the corrected rows in several smaller files");
        (
            await run.QueryAsync(
                "select (select count(*) from run_20220905_001.shipments)::text, (select count(*) from etl.quarantine)::text"
            )
        ).ShouldBe(["0|0"]);
    }

    [Theory]
    [InlineData(8_000)]
    [InlineData(64 * 1024)]
    [InlineData(1 << 20)]
    public async Task The_first_row_of_a_key_stays_in_several_parts_whatever_the_memory(long budget)
    {
        await using var run = await StagedRun.BeginAsync(server, keyBudget: budget);
        var (text, first, later) = Shuffled();
        var parts = text.Split('\n')[1..^1]
            .Chunk(1000)
            .Select((rows, i) => ($"part-{i}.csv", Encoding.UTF8.GetBytes($"{Header}{string.Join('\n', rows)}\n")))
            .ToArray();

        var staged = await run.LoadPartsAsync("shipments", parts);

        staged.Select(s => s.Read).ShouldBe([1000, 1000, 1000, 1000, 400]);
        staged.ShouldAllBe(s => s.RowCounts.IsReconciled);
        (staged.Sum(s => s.Loaded), staged.Sum(s => s.Rejected)).ShouldBe((first.Count, later));
        (
            await run.QueryAsync(
                "select shipment_id::text, order_id::text from run_20220905_001.shipments order by shipments.shipment_id"
            )
        ).ShouldBe(first.Select(f => $"{f.Key}|{f.Value}"));

        // The order is the row's number in the text, so it shows the part and the line.
        var places = await run.QueryAsync(
            """
            select part, line::text, message, split_part(convert_from(raw, 'UTF8'), ',', 1) from etl.quarantine
            """
        );
        places.Count.ShouldBe(later);
        foreach (var place in places.Select(p => p.Split('|')))
        {
            var number = first[long.Parse(place[3], System.Globalization.CultureInfo.InvariantCulture)] - 1;
            place[2].ShouldEndWith($"which line {(number % 1000) + 2} of part-{number / 1000}.csv has");
        }

        SourceFile[] files = [.. parts.Select(p => run.Source.Add(p.Item1, p.Item2))];
        var checker = new SourceChecker(run.Source, Options.Create(new QualityOptions()), budget);
        var check = await checker.CheckAsync(
            DatasetCatalog.BuiltIn.Named("shipments"),
            files,
            null,
            CancellationToken.None
        );
        check.Select(c => c.RowCounts).ShouldBe(staged.Select(s => s.RowCounts));
        check
            .SelectMany(c => c.FirstRejects.Select(r => (c.Part, r.Line, r.Message)))
            .ShouldBe(staged.SelectMany(s => s.FirstRejects.Select(r => (s.Part, r.Line, r.Message))));
    }

    /// <summary>Scattered keys, about a tenth of them twice or more, and for each the order that its first row names.</summary>
    private static (string Text, SortedDictionary<long, long> First, int Later) Shuffled()
    {
        var random = new Random(7);
        var keys = Enumerable.Range(0, 4000).Select(_ => random.NextInt64(1, long.MaxValue)).ToList();
        var text = new StringBuilder(Header);
        var first = new SortedDictionary<long, long>();
        var later = 0;
        for (var i = 1; i <= 4400; i++)
        {
            var key = i <= 1000 ? keys[i] : keys[random.Next(keys.Count)];
            later += first.TryAdd(key, i) ? 0 : 1;
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{key},{i},,\n");
        }

        return (text.ToString(), first, later);
    }
}
