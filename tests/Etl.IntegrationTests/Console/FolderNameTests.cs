using Etl.Hosts.Console.LocalPostgres;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Console;

/// <summary>The commands of a day in folders whose names have blanks, marks and letters beyond ASCII.</summary>
public sealed class FolderNameTests(PostgresServer server) : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("the user of the tests")]
    [InlineData("a user without privileges")]
    public async Task Every_command_works_in_a_folder_with_blanks_marks_and_other_letters(string who)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Files have no owner of this kind there.");
        await using var none = await server.CreateDatabaseAsync(migrated: false); // skips where there is no PostgreSQL
        var user = who == "the user of the tests" ? null : OtherUser();
        var work = Directory.CreateDirectory(folder["Tä g & (ñ)'s"]).FullName;
        const UnixFileMode all = (UnixFileMode)0b111_111_111;
        TempFolder.Allow(folder.Root, all);
        TempFolder.Allow(work, all);
        var environment = new Dictionary<string, string>
        {
            ["HOME"] = work,
            ["ETL__LOCALPOSTGRES__DATADIRECTORY"] = Path.Combine(work, "pg ü"),
            ["ETL__LOCALPOSTGRES__DURABLE"] = "false",
        };

        try
        {
            string[] place = ["--source", "dé mo/source", "--lake", "dé mo/lake", "--date", "2025-07-01"];
            await TypeAsync("demo", "--out", "dé mo");
            await TypeAsync("check", "--source", "dé mo/source");
            await TypeAsync(["plan", .. place]);
            (await TypeAsync(["doctor", .. place])).ShouldContain("A run would work");
            await TypeAsync(["run", .. place]);
            (await TypeAsync("runs")).ShouldContain("20250701-001  succeeded");
            await TypeAsync("runs", "show", "20250701-001");
            (await TypeAsync("report")).ShouldContain("report of run 20250701-001");
            (await TypeAsync("quarantine", "list", "--dataset", "reviews")).ShouldContain("not_a_number");
            string[] rows = ["--run", "20250701-001", "--dataset", "reviews"];
            await TypeAsync(["quarantine", "export", .. rows, "--out", "réj ects.csv"]);
            Correct(Path.Combine(work, "réj ects.csv"));
            await TypeAsync(["quarantine", "replay", .. rows, "--from", "cörr ected.csv", "--lake", "dé mo/lake"]);
            await TypeAsync("sample", "--out", "in ö/2025-07-02", "--seed", "2");
            string[] days = ["--from", "2025-07-02", "--to", "2025-07-02", "--source", "in ö/{date}"];
            await TypeAsync(["backfill", .. days, "--lake", "dé mo/lake"]);
        }
        finally
        {
            await TypeAsync("db", "stop", "--now");
        }

        async Task<string> TypeAsync(params string[] line)
        {
            var ended = await EtlProcess.RunOfAsync(
                HostPrograms.Folder,
                work,
                _ => Task.CompletedTask,
                line,
                environment,
                user
            );
            ended.ExitCode.ShouldBe(0, $"{string.Join(' ', line)}: {ended.Error}");
            return ended.Out;
        }
    }

    private static string OtherUser()
    {
        Assert.SkipUnless(ServerUser.IsNeeded, "Only root can start a process as another user.");
        return ServerUser.Choose().Name!;
    }

    private static void Correct(string rejects)
    {
        var corrected = File.ReadLines(rejects).Take(1).Append("5,1");
        File.WriteAllLines(Path.Combine(Path.GetDirectoryName(rejects)!, "cörr ected.csv"), corrected);
    }
}
