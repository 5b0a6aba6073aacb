using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Console;

public sealed class StartUpTests(PostgresServer server)
{
    /// <summary>Loading EF Core and building its model takes longer than loading the files of a day.</summary>
    [Fact]
    public async Task A_run_on_a_migrated_database_does_not_load_EF_Core()
    {
        await using var place = await Workplace.CreateAsync(server);
        (await place.RunAsync()).ExitCode.ShouldBe(0);
        var program = ProgramWithout(place.Folder, "EntityFrameworkCore");

        var run = await StartAsync(place, program, place.RunLine("--force"));
        await using var empty = await Workplace.CreateAsync(server);
        var missed = await StartAsync(place, program, ["migrate", "--connection", empty.Connection]);

        run.ExitCode.ShouldBe(0, run.Error);
        run.Json.GetProperty("runId").GetString().ShouldBe("20250630-002");
        missed.ExitCode.ShouldBe(1, "a missing assembly must fail the verb that uses it");
    }

    internal static Task<EtlProcess> StartAsync(Workplace place, string program, string[] line) =>
        EtlProcess.RunOfAsync(program, place.Folder, _ => Task.CompletedTask, line);

    /// <summary>The program, with some assemblies replaced by files that cannot be loaded.</summary>
    internal static string ProgramWithout(string folder, string name)
    {
        var program = Directory.CreateDirectory(Path.Combine(folder, "program")).FullName;
        foreach (var file in Directory.GetFiles(AppContext.BaseDirectory))
        {
            var fileName = Path.GetFileName(file);
            var copy = Path.Combine(program, fileName);
            if (fileName.Contains(name, StringComparison.Ordinal))
            {
                File.WriteAllText(copy, "");
            }
            else if (fileName.StartsWith("etl.", StringComparison.Ordinal))
            {
                File.Copy(file, copy); // a link would lead back to all assemblies
            }
            else
            {
                File.CreateSymbolicLink(copy, file);
            }
        }

        return program;
    }
}
