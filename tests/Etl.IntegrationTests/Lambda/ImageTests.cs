using System.Diagnostics;
using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Npgsql;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Lambda;

/// <summary>
/// The container image, run with a root that cannot be written. <c>ETL_IMAGE</c> names it; <c>ETL_RUN_IMAGE</c> may give
/// another command that runs one, as <c>docker run</c>.
/// </summary>
public sealed class ImageTests(ImageTests.Database database, ITestOutputHelper output)
    : IClassFixture<ImageTests.Database>
{
    /// <summary>For a machine with neither systemd nor a right to raise limits, as a container is itself.</summary>
    private const string Podman =
        "podman --cgroup-manager cgroupfs --runtime runc run --ulimit nofile=1024:1024 --ulimit nproc=4096:4096";

    [Fact]
    public async Task The_image_runs_a_day_behind_the_runtime_api()
    {
        await using var place = await PlaceAsync();
        var watch = Stopwatch.StartNew();
        await using var host = LambdaProcess.StartAs(
            Command(place, [("AWS_LAMBDA_RUNTIME_API", ""), .. SettingsOf(place)]),
            SettingsOf(place)
        );
        await host.ReadyAsync();
        output.WriteLine($"container start to the first question: {watch.ElapsedMilliseconds} ms");

        var summary = await host.SucceedAsync("""{"scheduledTime":"2025-06-29T23:30:00Z","executionId":"e-1"}""");
        output.WriteLine($"container start to the first response: {watch.ElapsedMilliseconds} ms");
        var again = await host.SucceedAsync("""{"date":"2025-06-30"}""");
        await host.TerminateAsync();

        summary.GetProperty("status").GetString().ShouldBe("succeeded");
        summary.GetProperty("runId").GetString().ShouldBe("20250630-001");
        again.GetProperty("status").GetString().ShouldBe("already_done");
        place.Exported("20250630-001").Keys.ShouldContain("manifest.json");
        (await place.QueryAsync<long>("select count(*) from staging.orders")).ShouldBe(2000);
        var (exitCode, _, error) = await host.EndAsync();
        exitCode.ShouldBe(0, error);
        error.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_same_image_is_the_console_host()
    {
        await using var place = await PlaceAsync();

        var help = await EndAsync(Command(place, [], "etl", "run", "--help"));
        var run = await EndAsync(
            Command(place, SettingsOf(place), "etl", "run", "--date", Workplace.Day, "--json"),
            SettingsOf(place)
        );

        help.ExitCode.ShouldBe(0, help.Error);
        help.Out.ShouldContain("--as-of");
        run.ExitCode.ShouldBe(0, run.Error);
        run.Json.GetProperty("runId").GetString().ShouldBe("20250630-001");
        run.Error.ShouldNotContain("Cannot load library");
    }

    [Fact]
    public async Task The_image_runs_as_non_root_and_names_its_source()
    {
        string[] engine = [.. RunCommand().TakeWhile(w => w != "run"), "image", "inspect", "--format"];
        var user = await EndAsync([.. engine, "{{.Config.User}}", Image()]);
        var labels = await EndAsync([.. engine, "{{.Config.Labels}}", Image()]);

        user.Out.Trim().ShouldBe("1654", user.Error);
        labels.Out.ShouldMatch("org.opencontainers.image.revision:[0-9a-f]{40}");
        labels.Out.ShouldContain("org.opencontainers.image.title:etl");
        labels.Out.ShouldMatch("org.opencontainers.image.created:20[0-9]{2}-[0-9]{2}-[0-9]{2}T");
        labels.Out.ShouldMatch(@"org.opencontainers.image.version:[0-9]+\.[0-9]+");
    }

    /// <summary>A lake that the image's own user can write, whoever that is on this machine.</summary>
    private async Task<Workplace> PlaceAsync()
    {
        _ = Image();
        var place = await Workplace.CreateAsync(database.Server, migrated: true);
        Directory.CreateDirectory(place.Lake);
        TempFolder.Allow(place.Folder, (UnixFileMode)0b111_101_101);
        TempFolder.Allow(place.Lake, (UnixFileMode)0b111_111_111);
        return place;
    }

    private static (string Name, string Value)[] SettingsOf(Workplace place) =>
        [
            ("ETL__SOURCE__URI", "/source"),
            ("ETL__LAKE__URI", "/lake"),
            ("ETL__POSTGRES__CONNECTIONSTRING", WithPassword(place.Connection)),
            ("ETL__SCHEDULE__TIMEZONE", "Europe/Berlin"),
        ];

    /// <summary>The file with the password stays outside.</summary>
    private static string WithPassword(string connection)
    {
        var parts = new NpgsqlConnectionStringBuilder(connection);
        (parts.Password, parts.Passfile) = (File.ReadAllText(parts.Passfile!).Trim().Split(':')[^1], null);
        return parts.ConnectionString;
    }

    /// <summary>The settings go by their names alone: their values are in the environment, and in no process list.</summary>
    private static List<string> Command(
        Workplace place,
        (string Name, string Value)[] settings,
        params string[] program
    ) =>
        [
            .. RunCommand(),
            "--rm",
            "--network=host",
            "--read-only",
            "--tmpfs=/tmp",
            $"--volume={place.Source}:/source:ro",
            $"--volume={place.Lake}:/lake",
            .. settings.Select(s => $"--env={s.Name}"),
            .. program.Take(1).Select(p => $"--entrypoint={p}"),
            Image(),
            .. program.Skip(1),
        ];

    private static async Task<EtlProcess> EndAsync(
        IReadOnlyList<string> command,
        params (string Name, string Value)[] settings
    )
    {
        await using var process = LambdaProcess.StartAs(command, settings);
        var (exitCode, text, error) = await process.EndAsync();
        return new EtlProcess(exitCode, text, error);
    }

    private static string[] RunCommand() => (Environment.GetEnvironmentVariable("ETL_RUN_IMAGE") ?? Podman).Split(' ');

    private static string Image()
    {
        var image = Environment.GetEnvironmentVariable("ETL_IMAGE");
        if (string.IsNullOrEmpty(image))
        {
            const string Reason = "ETL_IMAGE names no image: `build/image` builds one, `build/try-image` tries it.";
            Assert.SkipUnless(PostgresServer.IsRequired, Reason);
            Assert.Fail(Reason);
        }

        return image;
    }

    /// <summary>A server that can be reached from a container.</summary>
    public sealed class Database : IAsyncLifetime
    {
        internal PostgresServer Server { get; } = new() { OnLoopback = true };

        public ValueTask InitializeAsync() => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
