using System.ComponentModel;
using System.Diagnostics;
using Etl.Application.Errors;

namespace Etl.Hosts.Console.Hosting;

/// <summary>Shows a file with the program that the desktop has for it.</summary>
internal static class Browser
{
    /// <exception cref="EtlException">The desktop has none, or there is no desktop.</exception>
    public static void Show(string path)
    {
        try
        {
            // On Linux the shell is the desktop's own: xdg-open and its like.
            using var shown = Process.Start(new ProcessStartInfo(path) { UseShellExecute = true });
        }
        catch (Exception fault) when (fault is Win32Exception or PlatformNotSupportedException)
        {
            throw new EtlException(
                ErrorCode.Usage,
                "This machine has no browser that can be started from here.",
                $"Open the file yourself: {path}",
                cause: fault
            );
        }
    }
}
