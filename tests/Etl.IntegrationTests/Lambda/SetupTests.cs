using System.Text.Json;
using Etl.IntegrationTests.Chaos;
using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Npgsql;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Lambda;

/// <summary>
/// The event of a deployment, which sets up the database with the administrator's login. The servers have RDS' rule: members of
/// <c>rds_iam</c> log in with a token, which is not verified here, and all others with a password. The master user may create
/// roles and owns the database, but is no superuser.
/// </summary>
public sealed class SetupTests
{
    private const string Secret = "m4ster \"secret\" ü";
    private const string Run = """{"date":"2025-06-30"}""";

    [Fact]
    public async Task A_setup_makes_an_empty_database_of_RDS_ready_for_runs_with_a_token_and_can_be_repeated()
    {
        await using var server = new PostgresServer { OnLoopback = true };
        await SetUpForTokensAsync(server);
    }

    [Fact]
    public async Task A_setup_gives_a_user_without_IAM_the_password_of_the_settings()
    {
        await using var server = new PostgresServer { OnLoopback = true };
        await SetUpForPasswordsAsync(server);
    }

    /// <param name="server">A server that no other test uses.</param>
    internal static async Task SetUpForTokensAsync(PostgresServer server)
    {
        await using var place = await CreateAsync(server, rds: true);
        await using var host = Start(
            place,
            Login(place, "shop \"loader\"", password: null),
            ("ETL__POSTGRES__USEIAMAUTHENTICATION", "true"),
            ("ETL__POSTGRES__SCHEMAS__STAGING", "shop staging"),
            ("AWS_REGION", "eu-central-1"),
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test")
        );
        (await host.FailAsync(Run, "Database")).ShouldContain("Next: ");

        for (var time = 0; time < 2; time++)
        {
            (await host.SucceedAsync(Setup(Secret)))
                .GetRawText()
                .ShouldBe("""{"status":"set_up","user":"shop \u0022loader\u0022"}""");
            // The grants remain, as if the master of RDS had made them.
            await place.ExecuteAsync("grant rds_iam to \"shop \"\"loader\"\"\"; revoke rds_iam from master cascade");
        }

        (await place.QueryAsync<bool>("select to_regclass('etl.runs') is not null")).ShouldBeTrue();
        (await host.SucceedAsync(Run)).GetProperty("status").GetString().ShouldBe("succeeded");
        (await place.QueryAsync<string>("select max(run_id) from \"shop staging\".orders")).ShouldBe("20250630-001");
        (await OwnersAsync(place)).ShouldBe([
            "analytics|shop \"loader\"",
            "etl|shop \"loader\"",
            "shop staging|etl_views",
            "store|shop \"loader\"",
        ]);
        (await MembersAsync(place)).ShouldBe(["shop \"loader\""]);
        // The master's password still counts: it did not become a member of rds_iam.
        (await host.FailAsync(Setup("wrong"), "Database")).ShouldNotContain("wrong");
    }

    /// <param name="server">A server that no other test uses.</param>
    internal static async Task SetUpForPasswordsAsync(PostgresServer server)
    {
        await using var place = await CreateAsync(server, rds: false);
        await place.ExecuteAsync("alter system set log_statement = 'all'");
        await place.ExecuteAsync("select pg_reload_conf()");
        await using var host = Start(place, Login(place, "etl_loader", "l0ader's ﬁ secret"));

        await host.SucceedAsync(Setup(Secret));
        await host.SucceedAsync(Setup(Secret));

        (await host.SucceedAsync(Run)).GetProperty("status").GetString().ShouldBe("succeeded");
        await host.TerminateAsync();
        var (_, log, error) = await host.EndAsync();
        log.ShouldContain("Set up the database user etl_loader", Case.Sensitive);
        var data = await place.QueryAsync<string>("show data_directory");
        var statements = await File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(data)!, "server.log"));
        statements.ShouldContain("set_config('etl.verifier'", Case.Sensitive);
        // The test itself creates the master with its password; the setup is what follows.
        foreach (
            var text in new[] { log, error, statements[statements.IndexOf("set_config", StringComparison.Ordinal)..] }
        )
        {
            text.ShouldNotContain("m4ster", Case.Sensitive);
            text.ShouldNotContain("l0ader", Case.Sensitive);
        }
    }

    [Fact]
    public async Task A_setup_that_cannot_be_done_changes_nothing_and_shows_no_password()
    {
        (string Event, string Reason)[] refused =
        [
            ("""{"setup":{"username":"master"}}""", "no username or no password"),
            ("""{"setup":{"username":"","password":"s3cret"}}""", "no username or no password"),
            ("""{"setup":{"username":"master","password":"s3cret\ud800"}}""", "no username or no password"),
            ("""{"setup":"s3cret"}""", "no username or no password"),
            ("""{"setup":{"username":"master","password":"s3cret"},"date":"2025-06-30"}""", "unknown fields: date"),
            ("""{"setup":{"username":"etl_loader","password":"s3cret"}}""", "names no user other than"),
            (
                """{"setup":{"username":"nobody","password":"s3cret"}}""",
                "Could not create the database user etl_loader"
            ),
            (
                """
                {"Records":[{"messageId":"m","eventSource":"aws:sqs",
                 "body":"{\"setup\":{\"username\":\"master\",\"password\":\"s3cret\"}}"}]}
                """,
                "Unknown event"
            ),
        ];
        await using var server = new PostgresServer { OnLoopback = true };
        await using var place = await CreateAsync(server, rds: false);
        await using var host = Start(place, Login(place, "etl_loader", "l0ader"));
        var answers = new List<RuntimeAnswer>();

        foreach (var (payload, reason) in refused)
        {
            answers.Add(await host.InvokeAsync(payload));
            answers[^1].Succeeded.ShouldBeFalse(payload);
            var error = JsonDocument.Parse(answers[^1].Body).RootElement.GetProperty("errorMessage").GetString()!;
            error.ShouldContain(reason, Case.Sensitive, payload);
            error.ShouldContain("Next: ", Case.Sensitive);
        }

        (
            await place.Database.QueryAsync("select rolname::text from pg_roles where rolname ~ '^etl_[lrs]'")
        ).ShouldBeEmpty();
        await host.TerminateAsync();
        var (_, log, errors) = await host.EndAsync();
        log.Split('\n')
            .Count(l => l.Contains("\"level\":\"ERROR\"", StringComparison.Ordinal))
            .ShouldBe(refused.Length);
        (string.Concat(answers.Select(a => a.Body)) + log + errors).ShouldNotContain("s3cret", Case.Sensitive);
    }

    private static async Task<Workplace> CreateAsync(PostgresServer server, bool rds)
    {
        var place = await Workplace.CreateAsync(server);
        await place.ExecuteAsync(
            $"create role master login createrole createdb password '{Secret}'{(rds ? "; create role rds_iam" : "")}"
        );
        if (rds && await place.QueryAsync<bool>("select current_setting('server_version_num')::int >= 160000"))
        {
            // The master of RDS grants rds_iam without being a member of it, for which later versions have no privilege.
            await place.ExecuteAsync("grant rds_iam to master with admin true, inherit false, set false");
        }

        await place.ExecuteAsync(
            "do $$ begin execute format('alter database %I owner to master', current_database()); end $$"
        );
        var rules = await place.QueryAsync<string>("show hba_file");
        var usual = await File.ReadAllTextAsync(rules);
        await File.WriteAllTextAsync(
            rules,
            $"host all +rds_iam all trust\nhost all master,etl_loader all scram-sha-256\n{usual}"
        );
        await place.ExecuteAsync("select pg_reload_conf()");
        return place;
    }

    private static LambdaProcess Start(Workplace place, string connection, params (string, string)[] more) =>
        LambdaProcess.Start(place, [("ETL__POSTGRES__CONNECTIONSTRING", connection), .. more]);

    private static string Setup(string password) =>
        JsonSerializer.Serialize(new { setup = new { username = "master", password } });

    private static string Login(Workplace place, string user, string? password) =>
        new NpgsqlConnectionStringBuilder(place.Connection)
        {
            Username = user,
            Password = password,
            Passfile = null,
        }.ConnectionString;

    private static Task<IReadOnlyList<string>> OwnersAsync(Workplace place) =>
        place.Database.QueryAsync(
            "select nspname::text, pg_get_userbyid(nspowner)::text from pg_namespace "
                + "where nspname in ('etl', 'analytics', 'store', 'shop staging') order by 1"
        );

    private static Task<IReadOnlyList<string>> MembersAsync(Workplace place) =>
        place.Database.QueryAsync(
            "select rolname::text from pg_roles where rolname <> 'rds_iam' and not rolsuper "
                + "and pg_has_role(oid, 'rds_iam', 'member')"
        );
}
