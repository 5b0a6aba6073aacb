using System.Runtime.InteropServices;
using Etl.Infrastructure.FileSystem;

namespace Etl.Hosts.Console.Cli;

/// <summary>
/// Standard output or standard error. After the first write that fails, for example because the disk is full or the reader
/// of a pipe has ended, all output is discarded: a run must not fail because nobody reads its progress.
/// </summary>
/// <param name="name">Its name for people.</param>
/// <param name="descriptor">1 or 2.</param>
internal sealed partial class OutputStream(string name, int descriptor) : ForwardOnlyStream
{
    private const int Interrupted = 4;
    private static readonly int WouldBlock = OperatingSystem.IsMacOS() ? 35 : 11;

    private readonly Stream? console =
        !OperatingSystem.IsWindows() ? null
        : descriptor == 1 ? System.Console.OpenStandardOutput()
        : System.Console.OpenStandardError();

    public string Name => name;

    /// <summary>Why a write failed, in the words of the operating system; null while none has failed.</summary>
    public string? Error { get; private set; }

    public override bool CanWrite => true;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (console is not null)
        {
            console.Write(buffer);
            return;
        }

        // Not a FileStream: it has a position of its own, and both streams can be the same file. Not the stream of
        // System.Console: it does not report a closed pipe.
        var wait = new SpinWait();
        while (buffer.Length > 0 && Error is null)
        {
            var written = WriteTo(descriptor, buffer, buffer.Length);
            if (written >= 0)
            {
                buffer = buffer[(int)written..];
            }
            else if (Marshal.GetLastPInvokeError() is var error && error == WouldBlock)
            {
                wait.SpinOnce(); // The descriptor is shared with a program that does not block.
            }
            else if (error != Interrupted)
            {
                Error = Marshal.GetPInvokeErrorMessage(error);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteTo(int descriptor, ReadOnlySpan<byte> buffer, nint count);
}
