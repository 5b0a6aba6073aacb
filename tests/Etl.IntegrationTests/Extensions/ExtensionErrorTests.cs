using Etl.IntegrationTests.Chaos;
using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Extensions;

/// <summary>A wrong extension of each kind: exit code 2, file and line, next step, and nothing is published.</summary>
public sealed class ExtensionErrorTests(PostgresServer server)
{
    [Theory]
    [InlineData(
        "datasets/returns.json",
        "\"money\"",
        "\"mony\"",
        "line 7, column 33: 'mony' is not a type; did you mean 'money'?"
    )]
    [InlineData("marts/orders.sql", "", "", "line 1: the name 'orders' belongs to another dataset, table or test")]
    [InlineData("marts/returns_by_month.sql", "inputs: returns", "inputs: refunds", "line 2: 'refunds' is no dataset")]
    [InlineData(
        "marts/returns_by_month.sql",
        "group by 2;",
        "group by 2; delete from orders",
        "line 14, column 13: a second statement begins; the file must be one SELECT."
    )]
    [InlineData(
        "tests/return_without_order.sql",
        "select r",
        "delete from returns returning r",
        "line 4, column 1: the statement does not begin with select or with"
    )]
    public async Task What_files_alone_show_stops_every_command(string path, string old, string changed, string error)
    {
        await using var own = await Extended.CreateAsync(server);
        await BreakAsync(own, path, old, changed);
        var file = Path.Combine(own.Folder, path);
        foreach (
            var line in new string[][]
            {
                ["check"],
                ["plan"],
                ["run", "--date", Workplace.Day],
                ["migrate"],
                ["sample", "--out", "s"],
            }
        )
        {
            var refused = await own.EtlAsync(line);
            refused.ShouldFail(2, $"{file}, {error}");
            NextStepOf(refused).ShouldNotBeEmpty();
        }

        (await own.EtlAsync("doctor"))
            .Json.GetProperty("error")
            .GetProperty("message")
            .GetString()!
            .ShouldStartWith($"{file}, {error}");
        (
            await own.Place.QueryAsync<bool>(
                "select to_regnamespace('etl') is null and to_regnamespace('analytics') is null"
            )
        ).ShouldBeTrue();
    }

    [Theory]
    [InlineData(
        "marts/returns_by_month.sql",
        "sum(refund)",
        "sum(refunds)",
        "line 9, column 7: PostgreSQL reported 'column \"refunds\" does not exist'"
    )]
    [InlineData(
        "marts/returns_by_month.sql",
        "from returns",
        "from refunds",
        "line 12, column 6: PostgreSQL reported 'relation \"refunds\" does not exist'"
    )]
    [InlineData(
        "marts/returns_by_month.sql",
        "group by 2",
        "group byy 2",
        "line 14, column 7: PostgreSQL reported 'syntax error"
    )]
    [InlineData(
        "marts/returns_by_month.sql",
        "count(*) as returns",
        "count(*) as pieces",
        "line 4: PostgreSQL reported 'column \"returns\" does not exist'"
    )]
    [InlineData(
        "marts/returns_by_month.sql",
        "count(*) as returns",
        "true as returns",
        "line 4: PostgreSQL reported 'column \"returns\" is of type bigint but expression is of type boolean'"
    )]
    [InlineData(
        "marts/returns_by_month.sql",
        "select\n",
        "with gone as (delete from returns returning *)\nselect\n",
        "line 8, column 6: PostgreSQL reported 'WITH clause containing a data-modifying statement must be at the top level'"
    )]
    [InlineData(
        "marts/returns_by_month.sql",
        "from returns",
        "into stolen from returns",
        "line 12, column 6: PostgreSQL reported 'SELECT ... INTO is not allowed here'"
    )]
    [InlineData(
        "tests/return_without_order.sql",
        "o.order_id = r",
        "o.id = r",
        "line 6, column 49: PostgreSQL reported 'column o.id does not exist'"
    )]
    public async Task What_the_server_finds_is_reported_by_plan_and_doctor_and_stops_the_run(
        string path,
        string old,
        string changed,
        string error
    )
    {
        await using var own = await Extended.CreateAsync(server);
        await BreakAsync(own, path, old, changed);
        var message = $"{Path.Combine(own.Folder, path)}, {error}";
        foreach (var verb in new[] { "plan", "doctor" })
        {
            var found = await own.EtlAsync(verb, "--date", Workplace.Day);
            found.ExitCode.ShouldBe(2, found.Error);
            found.Json.GetProperty("error").GetProperty("message").GetString()!.ShouldStartWith(message);
        }

        var run = await own.RunAsync();

        run.ShouldFail(2, message);
        NextStepOf(run)
            .ShouldStartWith(
                error.Contains("relation", StringComparison.Ordinal)
                    ? "Correct the file: read a dataset, an intermediate table or a mart of the run, and list it"
                    : "Correct the file; `etl doctor`"
            );
        (
            await own.Place.QueryAsync<bool>(
                "select count(*) = 0 from pg_namespace where nspname = 'etl_extension_trial'"
            )
        ).ShouldBeTrue();
        await own.Place.ShouldHaveNothingPublishedAsync();
        (await own.Place.RowsAsync("staging.returns")).ShouldBeEmpty();
        (await own.Place.RowsAsync("(select status, error_code from etl.runs)")).ShouldBe(["(failed,configuration)"]);
        File.Exists(Path.Combine(own.Place.Lake, "analytics_export", "latest", "manifest.json")).ShouldBeFalse();
    }

    [Fact]
    public async Task Rows_that_break_a_mart_are_reported_without_their_values()
    {
        await using var own = await Extended.CreateAsync(server);
        await BreakAsync(
            own,
            "marts/returns_by_month.sql",
            "date_trunc('month', return_date)::date",
            "date '2025-01-01' + (order_id % 2)::int * 0"
        );
        await BreakAsync(own, "marts/returns_by_month.sql", "group by 2", "group by order_id");

        var run = await own.RunAsync();

        run.ShouldFail(
            5,
            $"{Path.Combine(own.Folder, "marts/returns_by_month.sql")}, line 4: PostgreSQL reported 'could not create unique index \"returns_by_month_pkey\". Key ("
        );
        run.Error.ShouldNotContain("2025-01-01)");
        await own.Place.ShouldHaveNothingPublishedAsync();
    }

    [Fact]
    public async Task A_data_test_of_severity_error_stops_the_publish()
    {
        await using var own = await Extended.CreateAsync(server);
        await BreakAsync(own, "tests/return_without_order.sql", "warn", "error");

        (await own.RunAsync()).ShouldFail(4, "1 returns of unknown orders");

        await own.Place.ShouldHaveNothingPublishedAsync();
    }

    /// <summary>Changes a file of the folder; a new one is that of the mart.</summary>
    private static async Task BreakAsync(Extended own, string path, string old, string changed)
    {
        var full = Path.Combine(own.Folder, path);
        var text = File.Exists(full) ? await File.ReadAllTextAsync(full) : Extended.Mart;
        text.ShouldContain(old);
        await own.WriteAsync(path, old.Length == 0 ? text : text.Replace(old, changed, StringComparison.Ordinal));
    }

    private static string NextStepOf(EtlProcess process) =>
        process.Json.GetProperty("error").GetProperty("nextStep").GetString()!;
}
