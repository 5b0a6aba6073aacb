using System.ComponentModel;
using System.Diagnostics;
using Etl.Application.Errors;

namespace Etl.Hosts.Console.Hosting;

/// <summary>Shows a file with the program that the desktop has for it.</summary>
internal static class Browser
{
    /// <summary>An opener that finds no browser ends at once; one that found a browser may stay as long as that does.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    /// <exception cref="EtlException">The desktop has none, or there is no desktop.</exception>
    public static async Task ShowAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            using var opener = Process.Start(Opener(path));
            if (opener is null || OperatingSystem.IsWindows())
            {
                return;
            }

            await opener.WaitForExitAsync(cancellationToken).WaitAsync(Timeout, cancellationToken);
            if (opener.ExitCode != 0)
            {
                throw NoBrowser(path);
            }
        }
        catch (TimeoutException)
        {
            // It shows the page.
        }
        catch (Win32Exception exception)
        {
            throw NoBrowser(path, exception);
        }
    }

    private static ProcessStartInfo Opener(string path) =>
        OperatingSystem.IsWindows()
            ? new ProcessStartInfo(path) { UseShellExecute = true }
            : new ProcessStartInfo(OperatingSystem.IsMacOS() ? "open" : "xdg-open", [path])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };

    private static EtlException NoBrowser(string path, Exception? cause = null) =>
        new(
            ErrorCode.Usage,
            "This machine has no browser that can be started from here.",
            $"Open the file yourself: {path}",
            cause: cause
        );
}
