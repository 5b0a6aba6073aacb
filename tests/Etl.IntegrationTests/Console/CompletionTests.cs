using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Etl.IntegrationTests.Extensions;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Console;

/// <summary>The scripts of <c>etl completion</c> in their shells. A shell that is not installed skips its test.</summary>
public sealed class CompletionTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly Dictionary<string, string> environment = [];

    public static TheoryData<string, string> Shells =>
        new()
        {
            {
                "bash",
                "eval \"$(etl completion bash)\"; COMP_LINE=\"$1\"; COMP_POINT=${#1}; last=\"${1##* }\"; _etl etl \"$last\"; printf '%s\\n' \"${COMPREPLY[@]}\""
            },
            {
                "zsh",
                "compdef() { }; compadd() { shift; print -l -- \"$@\" }; _files() { }; eval \"$(etl completion zsh)\"; words=(\"${(@s: :)1}\"); CURRENT=$#words; _etl"
            },
            { "fish", "etl completion fish | source; complete -C $argv[1]" },
        };

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task A_shell_completes_built_in_datasets_and_those_of_the_folder(string shell, string script)
    {
        Install(shell);
        folder.Write("extensions/datasets/returns.json", Extended.Dataset);
        folder.Write("extensions/datasets/stores.json", "{ wrong");
        folder.Write("extensions/datasets/.hidden.json", "");
        folder.Write("extensions/datasets/not a name.json", "");
        folder.Write("extensions/marts/returns_by_month.sql", Extended.Mart);

        foreach (
            var option in new[] { "list --dataset", "export --dataset", "replay --dataset" }
                .Select(o => $"quarantine {o}")
                .Append("run --accept-shrunk")
        )
        {
            (await CompleteAsync(shell, script, $"etl {option} ", "extensions")).ShouldBe(
                ["orders", "reviews", "shipments", "returns", "stores"],
                ignoreOrder: true
            );
        }

        foreach (var place in new[] { null, "missing", "s3://bucket/own", "ftp://nothing" })
        {
            (await CompleteAsync(shell, script, "etl quarantine list --dataset ", place)).ShouldBe(
                ["orders", "reviews", "shipments"],
                ignoreOrder: true
            );
        }
    }

    [Fact]
    public async Task The_folder_of_the_settings_file_is_completed_and_a_wrong_file_is_ignored()
    {
        Install("bash");
        var script = Shells.First().Data.Item2;
        folder.Write("own/datasets/returns.json", Extended.Dataset);
        folder.Write("appsettings.json", """{ "Etl": { "Extensions": { "Directory": "own" } } }""");
        (await CompleteAsync("bash", script, "etl quarantine list --dataset re", null)).ShouldBe(
            ["reviews", "returns"],
            ignoreOrder: true
        );

        folder.Write("appsettings.json", "{ wrong");
        (await CompleteAsync("bash", script, "etl quarantine list --dataset re", null)).ShouldBe(["reviews"]);
    }

    [Fact]
    public async Task A_completion_connects_to_nothing()
    {
        Install("bash");
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var (host, port) = (IPAddress.Loopback, ((IPEndPoint)silent.LocalEndpoint).Port);
        environment["AWS_ENDPOINT_URL"] = $"http://{host}:{port}";
        environment["AWS_REGION"] = "eu-central-1";
        environment["AWS_ACCESS_KEY_ID"] = environment["AWS_SECRET_ACCESS_KEY"] = "test";
        environment["ETL__POSTGRES__CONNECTIONSTRING"] = $"Host={host};Port={port};Username=etl";

        foreach (var line in new[] { "etl quarantine list --dataset ", "etl run --accept-shrunk " })
        {
            (await CompleteAsync("bash", Shells.First().Data.Item2, line, "s3://bucket/own")).ShouldBe(
                ["orders", "reviews", "shipments"],
                ignoreOrder: true
            );
        }

        silent.Pending().ShouldBeFalse();
    }

    private void Install(string shell)
    {
        var isInstalled = Environment
            .GetEnvironmentVariable("PATH")!
            .Split(Path.PathSeparator)
            .Any(p => File.Exists(Path.Combine(p, shell)));
        Assert.SkipUnless(isInstalled, $"{shell} is not installed.");
        folder.Write(
            "bin/etl",
            $"#!/bin/sh\nexec {string.Join(' ', HostPrograms.Etl.Select(part => $"'{part}'"))} \"$@\"\n"
        );
        TempFolder.Allow(folder["bin/etl"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private async Task<string[]> CompleteAsync(string shell, string script, string line, string? extensions)
    {
        string[] call = shell == "fish" ? ["-N", "-c", script, line] : ["-c", script, shell, line];
        var start = new ProcessStartInfo(shell, shell == "zsh" ? ["-f", .. call] : call)
        {
            WorkingDirectory = folder.Root,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{folder["bin"]}{Path.PathSeparator}{start.Environment["PATH"]}";
        start.Environment["HOME"] = folder.Root;
        start.Environment.Remove("ETL__EXTENSIONS__DIRECTORY");
        if (extensions is not null)
        {
            start.Environment["ETL__EXTENSIONS__DIRECTORY"] = extensions;
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        (await error).ShouldBeEmpty();
        var words = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return [.. words.Where(w => !w.EndsWith('/'))]; // fish adds the folders
    }
}
