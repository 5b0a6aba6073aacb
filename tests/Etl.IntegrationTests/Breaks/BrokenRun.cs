using System.Diagnostics;

namespace Etl.IntegrationTests.Breaks;

/// <summary>A run as a process, to which something is done when it says a certain line.</summary>
internal static class BrokenRun
{
    /// <returns>The exit code and all that was said on stderr.</returns>
    public static async Task<(int ExitCode, string Said)> StartAsync(
        string folder,
        string[] args,
        string line,
        Func<Process, Task> then
    )
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "etl.dll") },
        };
        args.ToList().ForEach(start.ArgumentList.Add);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var said = new List<string>();
        while (await process.StandardError.ReadLineAsync() is { } next)
        {
            said.Add(next);
            if (next.Contains(line, StringComparison.Ordinal))
            {
                await then(process);
                line = "\0";
            }
        }

        await process.WaitForExitAsync();
        await output;
        return (process.ExitCode, string.Join('\n', said));
    }
}
