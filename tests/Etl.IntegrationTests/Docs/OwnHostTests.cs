using System.Diagnostics;
using System.IO.Compression;
using System.Text.RegularExpressions;
using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Docs;

/// <summary>The worker of the guide "Write your own host", built from packages in a folder of its own, without a network.</summary>
public sealed partial class OwnHostTests(PostgresServer server)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);
    private static readonly string[] Libraries = ["Etl.Domain", "Etl.Application", "Etl.Infrastructure"];

    [Fact]
    public async Task The_worker_of_the_guide_is_built_from_the_packages_and_runs_a_day()
    {
        CitusCluster.Excludes("the worker of the guide is for one server");
        using var folder = new TempFolder();
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        foreach (var library in Libraries)
        {
            string[] line = ["pack", $"src/{library}", "-c", Configuration, "--no-build", "-o", folder.Root];
            var pack = await DotnetAsync(Repository.Root, line);
            pack.Code.ShouldBe(0, pack.Output);
        }

        VerifyPackages(folder.Root);
        var worker = WriteWorker(folder);
        var build = await DotnetAsync(worker, "build", "-o", "out");
        build.Code.ShouldBe(0, build.Output);

        var run = await DotnetAsync(
            worker,
            ["out/Worker.dll", "--date", Workplace.Day],
            ("ETL__SOURCE__URI", place.Source),
            ("ETL__LAKE__URI", place.Lake),
            ("ETL__POSTGRES__CONNECTIONSTRING", place.Connection)
        );
        var unset = await DotnetAsync(
            worker,
            ["out/Worker.dll"],
            ("ETL__LAKE__URI", place.Lake),
            ("ETL__RUN__RETRIES", "plenty")
        );

        run.Code.ShouldBe(0, run.Output);
        run.Output.ShouldContain("Run 20250630-001: Succeeded.");
        (await place.QueryAsync<string>("select status || ' ' || trigger from etl.runs")).ShouldBe(
            "succeeded schedule"
        );
        unset.Code.ShouldNotBe(0);
        unset.Output.ShouldContain("Etl:Source:Uri is not set.");
        unset.Output.ShouldContain("Etl:Postgres:ConnectionString is not set.");
        unset.Output.ShouldContain("Etl:Run:Retries is 'plenty'");
    }

    private static void VerifyPackages(string folder)
    {
        foreach (var library in Libraries)
        {
            using var package = ZipFile.OpenRead(Directory.GetFiles(folder, $"{library}.*.nupkg").Single());
            var files = package.Entries.Select(e => e.FullName).ToList();
            files.ShouldContain($"lib/net10.0/{library}.xml");
            files.ShouldContain("PACKAGE.md");
            using var reader = new StreamReader(package.GetEntry($"{library}.nuspec")!.Open());
            var description = reader.ReadToEnd();
            description.ShouldContain("<readme>PACKAGE.md</readme>");
            description.ShouldNotContain("EntityFrameworkCore.Design");
            Dependency().Matches(description).ShouldAllBe(d => !d.Groups["version"].Value.Contains('['));
            Directory.GetFiles(folder, $"{library}.*.snupkg").ShouldHaveSingleItem();
        }
    }

    /// <summary>Restores these packages from the folder, and all others from those of this repository.</summary>
    private static string WriteWorker(TempFolder folder)
    {
        var guide = File.ReadAllText(Path.Combine(Repository.Root, "docs/guides/write-your-own-host.md"));
        var worker = Directory.CreateDirectory(Path.Combine(folder.Root, "worker")).FullName;
        File.WriteAllText(Path.Combine(worker, "Worker.csproj"), Block(guide, "xml"));
        File.WriteAllText(Path.Combine(worker, "Program.cs"), Block(guide, "csharp"));
        File.WriteAllText(
            Path.Combine(worker, "nuget.config"),
            $"""
            <configuration>
              <packageSources><clear /><add key="own" value="{folder.Root}" /></packageSources>
              <fallbackPackageFolders><clear /><add key="all" value="{PackageFolder()}" /></fallbackPackageFolders>
              <config><add key="globalPackagesFolder" value="{Path.Combine(folder.Root, "packages")}" /></config>
            </configuration>
            """
        );
        return worker;
    }

    /// <summary>That of the build of these tests.</summary>
    private static string Configuration => AppContext.BaseDirectory.Contains("/Release/") ? "Release" : "Debug";

    private static string PackageFolder() =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static string Block(string page, string language)
    {
        var start = page.IndexOf($"```{language}\n", StringComparison.Ordinal) + language.Length + 4;
        return page[start..page.IndexOf("```", start, StringComparison.Ordinal)];
    }

    private static Task<(int Code, string Output)> DotnetAsync(string folder, params string[] args) =>
        DotnetAsync(folder, args, []);

    private static async Task<(int Code, string Output)> DotnetAsync(
        string folder,
        string[] args,
        params (string Name, string Value)[] environment
    )
    {
        var start = new ProcessStartInfo("dotnet", args)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var timeout = new CancellationTokenSource(Timeout);
        await process.WaitForExitAsync(timeout.Token);
        return (process.ExitCode, await output + await error);
    }

    [GeneratedRegex("<dependency id=\"[^\"]+\" version=\"(?<version>[^\"]+)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Dependency();
}
