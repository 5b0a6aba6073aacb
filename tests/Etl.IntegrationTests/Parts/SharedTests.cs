using System.Globalization;
using System.Text;
using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;
using Etl.Infrastructure.Ledger;
using Etl.Infrastructure.Stage;
using Etl.IntegrationTests.Stage;
using Etl.TestKit;
using Microsoft.Extensions.Options;
using Npgsql;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Parts;

/// <summary>Parts that several loaders share, in one process and in further ones.</summary>
public sealed class SharedTests(PostgresServer server)
{
    private const string Header = "sale_ref,sold_on,price,pieces,note\n";

    private const string Rows =
        "select sale_ref || ',' || coalesce(sold_on::text, ''), price::text, pieces::text from run_20220905_001.sales order by 1, 2";

    private const string Rejects =
        "select part, line::text, byte_offset::text, code, message from etl.quarantine order by part, byte_offset";

    [Theory]
    [InlineData(10_000)]
    [InlineData(40)]
    public async Task Parts_that_loaders_share_give_what_one_loader_gives(int kept)
    {
        var quality = new QualityOptions { MaxKeptRejects = kept };
        await using var alone = await StagedRun.BeginAsync(server, quality);
        await using var shared = await StagedRun.BeginAsync(server, quality, loaders: 3);
        var parts = Parts(7, 400);

        var expected = await alone.LoadPartsAsync("sales", parts);
        var staged = await shared.LoadPartsAsync("sales", parts);

        expected.Sum(f => f.Rejected).ShouldBeGreaterThan(300);
        expected.ShouldContain(f => f.RejectsByCode.ContainsKey(RejectCode.BadDate));
        staged.Select(Facts).ShouldBe(expected.Select(Facts));
        (await shared.QueryAsync(Rows)).ShouldBe(await alone.QueryAsync(Rows));
        (await shared.QueryAsync(Rejects)).ShouldBe(await alone.QueryAsync(Rejects));
        (await shared.QueryAsync("select part, code, rows::text from etl.reject_counts order by 1, 2")).ShouldBe(
            await alone.QueryAsync("select part, code, rows::text from etl.reject_counts order by 1, 2")
        );
        (
            await shared.QueryAsync(
                "select count(*)::text, max(claims)::text from etl.run_parts where result is not null"
            )
        ).ShouldBe(["7|1"]);
    }

    [Fact]
    public async Task A_process_that_helps_loads_parts_that_the_run_counts()
    {
        await using var run = await StagedRun.BeginAsync(server, loaders: 1);
        await using var hold = await run.OpenAsync();
        await using var transaction = await hold.BeginTransactionAsync();
        // The run's own loader waits for this lock with its first part, so the others are left to the helper.
        var parts = Parts(5, 100);
        await using var blocked = new NpgsqlCommand("lock table etl.quarantine in share mode", hold);
        await blocked.ExecuteNonQueryAsync();
        var loading = run.LoadPartsAsync("sales", parts);
        await run.UntilAsync("select exists (select from etl.run_parts where claimed_by is not null)");
        await using var helper = run.NewHelper();
        var helping = helper.Shared.HelpAsync(StagedRun.Id, null, CancellationToken.None);
        await run.UntilAsync("select count(distinct claimed_by) = 2 from etl.run_parts");
        await transaction.RollbackAsync();

        var staged = await loading;
        // It ends by itself, although the step is not over.
        var helped = await helping;

        staged.Sum(f => f.Read).ShouldBe(500);
        staged.ShouldAllBe(f => f.RowCounts.IsReconciled);
        helped.Files.Count.ShouldBeInRange(1, 4);
        helped.Left.ShouldBeEmpty();
        (
            await run.QueryAsync("select count(distinct claimed_by)::text from etl.run_parts where result is not null")
        ).ShouldBe(["2"]);
    }

    [Fact]
    public async Task A_part_of_a_loader_that_died_is_taken_over_and_its_session_is_ended()
    {
        await using var alone = await StagedRun.BeginAsync(server);
        var parts = Parts(4, 100);
        await alone.LoadPartsAsync("sales", parts);
        await using var run = await StagedRun.BeginAsync(server, loaders: 2);
        // A host that froze: its session is still in the transaction that has loaded rows, and renews nothing.
        await using var frozen = await run.OpenAsync();
        var session = frozen.ProcessID;
        _ = await frozen.BeginTransactionAsync();
        await using var load = new NpgsqlCommand(
            "insert into run_20220905_001.sales (sale_ref, price, pieces) values ('lost', 1, 1)",
            frozen
        );
        await load.ExecuteNonQueryAsync();
        await run.ExecuteAsync(
            $"""
            create function claim() returns trigger language plpgsql as $$ begin
              if new.number = 2 then
                new.claimed_by := 'frozen host';
                new.claims := 1;
                new.claimed_until := clock_timestamp() - interval '1 second';
                new.session_pid := {session};
                new.session_started := (select backend_start from pg_stat_activity where pid = {session});
              end if;
              return new;
            end $$;
            create trigger claim before insert on etl.run_parts for each row execute function claim()
            """
        );

        var staged = await run.LoadPartsAsync("sales", parts);

        staged.Sum(f => f.Read).ShouldBe(400);

        (await run.QueryAsync(Rows)).ShouldBe(await alone.QueryAsync(Rows));
        (
            await run.QueryAsync(
                $"select claims::text, (claimed_by = 'frozen host')::text, (select count(*) from pg_stat_activity where pid = {session})::text from etl.run_parts where number = 2"
            )
        ).ShouldBe(["2|false|0"]);
    }

    [Fact]
    public async Task A_loader_whose_claim_was_taken_commits_nothing()
    {
        await using var run = await StagedRun.BeginAsync(server, loaders: 1);
        await using var hold = await run.OpenAsync();
        await using var transaction = await hold.BeginTransactionAsync();
        await using var blocked = new NpgsqlCommand("lock table etl.quarantine in share mode", hold);
        await blocked.ExecuteNonQueryAsync();
        var loading = run.LoadPartsAsync("sales", Parts(2, 100));
        await run.UntilAsync("select exists (select from etl.run_parts where claimed_by is not null)");

        await run.ExecuteAsync(
            """
            update etl.run_parts
            set claims = claims + 1, claimed_by = 'another', claimed_until = clock_timestamp() + interval '1 hour',
              session_pid = null
            where claimed_by is not null
            """
        );
        await transaction.RollbackAsync();
        await run.UntilAsync("select exists (select from etl.run_parts where result is not null)");
        (
            await run.QueryAsync(
                "select count(*)::text from etl.run_parts where claimed_by = 'another' and result is null"
            )
        ).ShouldBe(["1"]);
        // The other loader gives up, so that the part is free.
        await run.ExecuteAsync("update etl.run_parts set claimed_until = null where claimed_by = 'another'");
        var staged = await loading;

        staged.Sum(f => f.Read).ShouldBe(200);
        staged.ShouldAllBe(f => f.RowCounts.IsReconciled);
        (await run.QueryAsync("select (select count(*) from run_20220905_001.sales)::text")).ShouldBe([
            staged.Sum(f => f.Loaded).ToString(CultureInfo.InvariantCulture),
        ]);
    }

    [Fact]
    public async Task A_helper_with_other_settings_loads_nothing_and_says_so()
    {
        await using var run = await StagedRun.BeginAsync(server, loaders: 1);
        await using var hold = await run.OpenAsync();
        await using var transaction = await hold.BeginTransactionAsync();
        await using var blocked = new NpgsqlCommand("lock table etl.quarantine in share mode", hold);
        await blocked.ExecuteNonQueryAsync();
        var loading = run.LoadPartsAsync("sales", Parts(3, 50));
        await run.UntilAsync("select exists (select from etl.run_parts where claimed_by is not null)");
        await using var helper = run.NewHelper(new QualityOptions { MaxRecordBytes = 2048 });
        var helping = helper.Shared.HelpAsync(null, null, CancellationToken.None);
        await run.UntilAsync("select sum(claims) >= 3 from etl.run_parts");
        await transaction.RollbackAsync();

        await loading;
        var helped = await helping;

        helped.Files.ShouldBeEmpty();
        helped.Left.ShouldAllBe(e => e.Code == ErrorCode.Configuration);
        helped.Left[0].Message.ShouldBe($"This process reads sales with other settings than run {StagedRun.Id} does.");
    }

    [Theory]
    [InlineData("update etl.runs set status = 'succeeded', lease_owner = null")]
    [InlineData("update etl.runs set status = 'failed', lease_owner = null")]
    [InlineData("update etl.runs set lease_until = clock_timestamp() - interval '1 second'")]
    [InlineData(
        "insert into etl.run_steps (run_id, attempt, step, started_at, succeeded) values ('20220905-001', 1, 'stage', now(), true)"
    )]
    public async Task A_helper_that_comes_after_the_load_ends_with_nothing_loaded(string ended)
    {
        await using var run = await StagedRun.BeginAsync(server, loaders: 1);
        await run.ExecuteAsync(ended);

        var helped = await run.Shared.HelpAsync(StagedRun.Id, null, CancellationToken.None);

        helped.Run.ShouldBe(StagedRun.Id);
        (helped.Files.Count, helped.Left.Count).ShouldBe((0, 0));
    }

    [Fact]
    public async Task A_helper_that_comes_before_the_parts_are_offered_waits_for_them()
    {
        await using var run = await StagedRun.BeginAsync(server, loaders: 1);
        await using var helper = run.NewHelper();
        var helping = helper.Shared.HelpAsync(StagedRun.Id, null, CancellationToken.None);
        await run.UntilAsync(
            $"select exists (select from pg_stat_activity where datname = current_database() and query like '%free%skip locked%' and pid <> pg_backend_pid())"
        );
        helping.IsCompleted.ShouldBeFalse();
        await using var hold = await run.OpenAsync();
        await using var transaction = await hold.BeginTransactionAsync();
        await using var blocked = new NpgsqlCommand("lock table etl.quarantine in share mode", hold);
        await blocked.ExecuteNonQueryAsync();
        var loading = run.LoadPartsAsync("sales", Parts(5, 20));
        await run.UntilAsync("select count(distinct claimed_by) = 2 from etl.run_parts");
        await transaction.RollbackAsync();

        await loading;
        (await helping).Files.Count.ShouldBeInRange(1, 4);
    }

    [Fact]
    public async Task A_helper_of_a_run_that_does_not_exist_says_what_to_start()
    {
        await using var run = await StagedRun.BeginAsync(server);
        await run.ExecuteAsync("update etl.runs set status = 'failed', lease_owner = null");

        var unknown = await ErrorOfAsync(RunId.Parse("20220906-001"));
        var none = await ErrorOfAsync(null);

        unknown.Message.ShouldBe("There is no run 20220906-001.");
        none.Message.ShouldBe("No run is in progress.");
        none.NextStep.ShouldContain("Etl:Run:Loaders", Case.Sensitive);

        async Task<EtlError> ErrorOfAsync(RunId? named) =>
            (await Should.ThrowAsync<EtlException>(run.Shared.HelpAsync(named, null, CancellationToken.None))).Error;
    }

    private static object Facts(StagedFile file) =>
        (
            file.Part,
            file.Sha256,
            file.RowCounts,
            string.Join(' ', file.RejectsByCode.OrderBy(r => r.Key)),
            string.Join('\n', file.FirstRejects.Select(r => $"{r.Line} {r.ByteOffset} {r.Code} {r.Message}")),
            string.Join(' ', file.Sums.Select(s => $"{s.Column.Name} {s}")),
            string.Join(' ', file.Hints),
            file.EndsWithLineEnd,
            Encoding.UTF8.GetString(file.Header.Span)
        );

    /// <summary>Rows with keys that repeat within parts and across them, and with errors.</summary>
    private static (string Name, byte[] Bytes)[] Parts(int count, int rows)
    {
        var random = new Random(5);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(p =>
                {
                    var text = new StringBuilder(Header);
                    for (var i = 1; i <= rows; i++)
                    {
                        var day = random.Next(20) switch
                        {
                            0 => "soon",
                            < 5 => "",
                            _ => $"2025-06-0{random.Next(1, 4)}",
                        };
                        text.Append(
                            CultureInfo.InvariantCulture,
                            $"größe {random.Next(count * rows / 4)},{day},{(p * rows) + i}.50,{i},\n"
                        );
                    }

                    return ($"part-{p}.csv", Encoding.UTF8.GetBytes(text.ToString()));
                }),
        ];
    }
}
