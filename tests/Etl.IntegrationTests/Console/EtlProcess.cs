using System.Diagnostics;
using System.Text.Json;
using Etl.TestKit;
using Shouldly;

namespace Etl.IntegrationTests.Console;

/// <summary>The program as a process, with its output and exit code.</summary>
internal sealed record EtlProcess(int ExitCode, string Out, string Error)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(10);

    /// <summary>The one document on stdout.</summary>
    public JsonElement Json => JsonDocument.Parse(Out).RootElement;

    public static Task<EtlProcess> RunAsync(string folder, params string[] args) =>
        RunAsync(folder, _ => Task.CompletedTask, args);

    public static Task<EtlProcess> RunAsync(string folder, Func<Process, Task> whileRunning, params string[] args) =>
        RunOfAsync(HostPrograms.Folder, folder, whileRunning, args);

    /// <param name="program">The folder that the program lies in.</param>
    /// <param name="folder">The folder to run it in.</param>
    /// <param name="whileRunning">What happens meanwhile.</param>
    /// <param name="args">The command line.</param>
    /// <param name="environment">What is added to the environment; may be null.</param>
    /// <param name="user">The user that it runs as; null for the user of the tests.</param>
    public static async Task<EtlProcess> RunOfAsync(
        string program,
        string folder,
        Func<Process, Task> whileRunning,
        string[] args,
        IReadOnlyDictionary<string, string>? environment = null,
        string? user = null
    )
    {
        var command = HostPrograms.EtlIn(program);
        var start = new ProcessStartInfo(command[0], [.. command[1..], .. args]) { WorkingDirectory = folder };
        if (user is not null)
        {
            start.UserName = user;
        }

        return await RunAsync(start, whileRunning, environment);
    }

    /// <summary>Runs it from a bash script, which gets the command line as <c>"$@"</c>.</summary>
    public static Task<EtlProcess> RunFromAsync(string script, string folder, params string[] args)
    {
        string[] line = ["-c", script, "bash", .. HostPrograms.Etl, .. args];
        return RunAsync(new ProcessStartInfo("/bin/bash", line) { WorkingDirectory = folder }, _ => Task.CompletedTask);
    }

    private static async Task<EtlProcess> RunAsync(
        ProcessStartInfo start,
        Func<Process, Task> whileRunning,
        IReadOnlyDictionary<string, string>? environment = null
    )
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        foreach (var name in start.Environment.Keys.Where(IsSetting).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in CitusCluster.EnvironmentOf(start.ArgumentList))
        {
            start.Environment[name] = value;
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await whileRunning(process);
        using var timeout = new CancellationTokenSource(Timeout);
        await process.WaitForExitAsync(timeout.Token);
        return new EtlProcess(process.ExitCode, await output, await error);
    }

    /// <summary>Asserts a failure: its exit code, one error with its next step, no stack trace.</summary>
    public void ShouldFail(int exitCode, string text)
    {
        ExitCode.ShouldBe(exitCode, Error);
        var lines = Error.TrimEnd().Split('\n');
        lines.Count(l => l.StartsWith("error: ", StringComparison.Ordinal)).ShouldBe(1, Error);
        lines.Single(l => l.StartsWith("error: ", StringComparison.Ordinal)).ShouldContain(text);
        lines.Count(l => l.StartsWith("next:  ", StringComparison.Ordinal)).ShouldBe(1, Error);
        Error.ShouldNotContain("   at ");
        Error.ShouldNotContain("Exception");
        Json.GetProperty("exitCode").GetInt32().ShouldBe(exitCode);
        Json.GetProperty("error").GetProperty("message").GetString()!.ShouldContain(text);
        Json.GetProperty("error").GetProperty("nextStep").GetString().ShouldNotBeNullOrWhiteSpace();
    }

    private static bool IsSetting(string name) =>
        name.StartsWith("ETL__", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("AWS_", StringComparison.Ordinal)
        || name == "NO_COLOR";
}
