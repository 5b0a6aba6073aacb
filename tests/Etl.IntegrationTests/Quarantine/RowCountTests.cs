using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Quarantine;

/// <summary>Something in the database tampers with rows on their way into the run's own table.</summary>
public sealed class RowCountTests(PostgresServer server)
{
    [Theory]
    [InlineData("return null;", "5 rows read, 4 loaded, 0 rejected")]
    [InlineData("new.quantity := 3; return new;", "the sum of quantity is 9 as read and 10 in the table")]
    [InlineData(
        "new.unit_price := 10.51; return new;",
        "the sum of unit_price is 43.00 as read and 43.01 in the table"
    )]
    [InlineData("new.total_price := 0; return new;", "the sum of total_price is 85.00 as read and 64.00 in the table")]
    public async Task A_row_that_is_lost_or_changed_fails_the_run(string tampering, string words)
    {
        CitusCluster.Excludes("its tables have no triggers");
        await using var shop = await SmallShop.OpenAsync(server);
        shop.WriteDay();
        await TamperAsync(shop, tampering);

        var run = await shop.RunAsync(SmallShop.Monday);

        (run.ExitCode, run.Code).ShouldBe((4, "row_count_mismatch"));
        run.Error.ShouldContain($"The row counts of orders do not reconcile: {words}.");
        (await shop.QueryAsync("select count(*)::text from staging.orders")).ShouldBe(["0"]);
    }

    [Theory]
    [InlineData("return null;", "5 rows read, 4 loaded")]
    [InlineData("new.quantity := 3; return new;", "the sum of quantity is 9 as read and 10")]
    public async Task A_replay_that_loses_or_changes_a_published_row_fails(string tampering, string words)
    {
        CitusCluster.Excludes("its tables have no triggers");
        await using var shop = await SmallShop.OpenAsync(server);
        shop.WriteDay();
        (await shop.RunAsync(SmallShop.Monday)).ExitCode.ShouldBe(0);
        await TamperAsync(shop, tampering);
        var corrected = Path.Combine(shop.Folder, "corrected.csv");
        await File.WriteAllTextAsync(corrected, "review,product_id\n5,1\n");

        var run = await shop.EtlAsync([
            "quarantine",
            "replay",
            "--run",
            "20220905-001",
            "--dataset",
            "reviews",
            "--from",
            corrected,
            "--lake",
            shop.Lake,
        ]);

        (run.ExitCode, run.Code).ShouldBe((4, "row_count_mismatch"));
        run.Error.ShouldContain(words);
        (await shop.QueryAsync("select count(*)::text from staging.orders where run_id = '20220905-001'")).ShouldBe([
            "5",
        ]);
    }

    private static Task TamperAsync(SmallShop shop, string tampering) =>
        shop.ExecuteAsync(
            $"""
            create function tamper() returns trigger language plpgsql as $$
            begin
              if new.order_id = 2 then {tampering} end if;
              return new;
            end $$;
            create function plant() returns event_trigger language plpgsql as $$
            declare made record;
            begin
              for made in select * from pg_event_trigger_ddl_commands()
                where object_type = 'table' and object_identity like 'run_%.orders'
              loop
                execute format('create trigger tamper before insert on %s for each row execute function public.tamper()',
                  made.object_identity);
              end loop;
            end $$;
            create event trigger plant on ddl_command_end when tag in ('CREATE TABLE') execute function plant();
            """
        );
}
