using System.ComponentModel;
using System.Diagnostics;
using Etl.Application.Errors;

namespace Etl.Hosts.Console.Hosting;

/// <summary>Opens a file with the desktop's default program.</summary>
internal static class Browser
{
    /// <summary>An opener without a browser ends at once; one with a browser can stay as long as the browser.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    /// <exception cref="EtlException">There is no browser, or no desktop.</exception>
    public static async Task OpenAsync(string path, CancellationToken cancellationToken)
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
            // The opener became the browser.
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
            "Could not open the report: no browser can be started on this machine.",
            $"Open the file yourself: {path}",
            cause: cause
        );
}
