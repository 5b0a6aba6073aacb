using System.ComponentModel;
using System.Diagnostics;

namespace Etl.Hosts.Console.LocalPostgres;

/// <summary>The result of a program.</summary>
/// <param name="ExitCode">0 for success.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Errors">Its standard error.</param>
internal sealed record ProcessResult(int ExitCode, string Output, string Errors)
{
    /// <summary>The last line of its errors.</summary>
    public string LastLine =>
        Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault()
        ?? $"exit code {ExitCode}";
}

/// <summary>Runs a program until it ends, as the caller or as the user of the server.</summary>
internal static class ProcessRunner
{
    public static async Task<ProcessResult> RunAsync(
        string program,
        IReadOnlyList<string> arguments,
        ServerUser? user,
        string folder,
        CancellationToken cancellationToken
    )
    {
        using var process = new Process { StartInfo = StartInfo(program, arguments, user, folder) };
        try
        {
            process.Start();
        }
        catch (Win32Exception)
        {
            return new ProcessResult(-1, "", "");
        }

        try
        {
            var output = process.StartInfo.RedirectStandardOutput
                ? process.StandardOutput.ReadToEndAsync(cancellationToken)
                : Task.FromResult("");
            var errors = process.StartInfo.RedirectStandardError
                ? process.StandardError.ReadToEndAsync(cancellationToken)
                : Task.FromResult("");
            await Task.WhenAll(output, errors, process.WaitForExitAsync(cancellationToken));
            return new ProcessResult(process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }

    private static ProcessStartInfo StartInfo(
        string program,
        IReadOnlyList<string> arguments,
        ServerUser? user,
        string folder
    )
    {
        // On Windows the server inherits the pipes of pg_ctl, so reading them to the end would wait for the server.
        var pipes = !OperatingSystem.IsWindows() || !arguments.Contains("start");
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardOutput = pipes,
            RedirectStandardError = pipes,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("PG", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["LC_ALL"] = "C";
        if (user?.Name is { } userName)
        {
            start.UserName = userName;
            start.Environment["HOME"] = folder;
        }

        return start;
    }
}
