using System.Diagnostics;
using Etl.Hosts.Console.LocalPostgres;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Docs;

/// <summary>Runs every command of README in order, on an empty local PostgreSQL.</summary>
public sealed class ReadmeTests : IAsyncDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private readonly TempFolder folder = new();
    private readonly PostgresServer others;
    private readonly LocalPostgresOptions server;

    public ReadmeTests(PostgresServer others)
    {
        this.others = others;
        const UnixFileMode own = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        TempFolder.Allow(folder.Root, own | UnixFileMode.OtherExecute);
        server = new LocalPostgresOptions { DataDirectory = folder["pg"] };
        // The program as README starts it: from the checkout, and published.
        AddCommand("etl", "exec_etl \"$@\"");
        AddCommand(
            "dotnet",
            """
            case "$*" in
              "run --project src/Etl.Hosts.Console -- "*) shift 4; exec_etl "$@" ;;
              "test Etl.sln" | "publish src/Etl.Hosts.Console -c Release -o artifacts/etl") ;; # the test is one, and has one
              *) echo "README has a command that its test does not know: dotnet $*"; exit 1 ;;
            esac
            """
        );
    }

    public async ValueTask DisposeAsync()
    {
        await LocalDatabase.StopAsync(server, CancellationToken.None);
        folder.Dispose();
    }

    [Fact]
    public async Task Every_command_of_README_works_in_order_and_prints_the_documented_output()
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "README's commands are typed into bash, which is not here.");
        await using var none = await others.CreateDatabaseAsync(migrated: false); // skips where there is no PostgreSQL
        var blocks = ReadmeBlock.ReadAll(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md")));
        blocks.Count.ShouldBeGreaterThan(4);
        blocks.ShouldContain(b => b.Printed != null);
        foreach (var block in blocks)
        {
            var (code, printed) = await TypeAsync(block.Commands);
            code.ShouldBe(0, $"{block.Commands}\n{printed}");
            if (block.Printed is not null)
            {
                block.Missing(printed).ShouldBeNull($"README documents other output; actual output:\n{printed}");
            }
        }

        LocalDatabase.Status(server).Running.ShouldBeFalse();
    }

    private async Task<(int Code, string Printed)> TypeAsync(string commands)
    {
        var start = new ProcessStartInfo("/bin/bash", ["-euc", $"exec 2>&1\n{commands}"])
        {
            WorkingDirectory = folder.Root,
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        foreach (
            var name in start.Environment.Keys.Where(n => n.StartsWith("ETL__", StringComparison.Ordinal)).ToList()
        )
        {
            start.Environment.Remove(name);
        }

        start.Environment["ETL__LOCALPOSTGRES__DATADIRECTORY"] = server.DataDirectory;
        start.Environment["PATH"] = $"{folder["bin"]}:{Environment.GetEnvironmentVariable("PATH")}";
        using var process = Process.Start(start)!;
        using var timeout = new CancellationTokenSource(Longest);
        var printed = await process.StandardOutput.ReadToEndAsync(timeout.Token);
        await process.WaitForExitAsync(timeout.Token);
        return (process.ExitCode, printed);
    }

    private void AddCommand(string name, string body)
    {
        var program = string.Join(' ', HostPrograms.Etl.Select(part => $"\"{part}\""));
        var script = $$"""
            #!/bin/bash
            exec_etl() { PATH="${PATH#*:}" exec {{program}} "$@"; }
            {{body}}

            """;
        TempFolder.Allow(
            folder.Write($"bin/{name}", script),
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        );
    }
}
