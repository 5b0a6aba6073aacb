using System.Globalization;
using System.Runtime.InteropServices;
using Etl.Application.Errors;

namespace Etl.Hosts.Console.LocalPostgres;

/// <summary>
/// The user that the server runs as: the caller; for root, which PostgreSQL refuses, <c>postgres</c> or else <c>nobody</c>.
/// </summary>
/// <param name="Name">The other user; null for the caller.</param>
/// <param name="Uid">The ID of the other user.</param>
/// <param name="Gid">The ID of its group.</param>
internal sealed partial record ServerUser(string? Name, uint Uid, uint Gid)
{
    public static bool IsNeeded => !OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess;

    public static ServerUser Choose() =>
        IsNeeded ? FromPasswd(File.ReadAllLines("/etc/passwd")) : new ServerUser(null, 0, 0);

    internal static ServerUser FromPasswd(IReadOnlyList<string> lines)
    {
        foreach (var name in new[] { "postgres", "nobody" })
        {
            var fields = lines.Select(l => l.Split(':')).FirstOrDefault(f => f.Length > 3 && f[0] == name);
            if (
                fields is not null
                && uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out var uid)
                && uint.TryParse(fields[3], NumberStyles.None, CultureInfo.InvariantCulture, out var gid)
                && uid != 0
            )
            {
                return new ServerUser(name, uid, gid);
            }
        }

        throw new EtlException(
            ErrorCode.Configuration,
            "PostgreSQL does not run as root, and this machine has no user postgres or nobody.",
            "Run etl as another user, or set Etl:Postgres:ConnectionString."
        );
    }

    /// <summary>Makes the user of the server the owner of a file or folder.</summary>
    public void Own(string path)
    {
        if (Name is not null && ChangeOwner(path, Uid, Gid) != 0)
        {
            throw new IOException($"The owner of {path} could not be set to {Name}.");
        }
    }

    /// <summary>Whether the user of the server can enter a folder and all of its parents.</summary>
    public async Task<bool> CanEnterAsync(string folder, CancellationToken cancellationToken) =>
        Name is null
        || (
            await ProcessRunner.RunAsync(
                "/bin/sh",
                ["-c", "test -x \"$1\"", "sh", folder],
                this,
                "/",
                cancellationToken
            )
        ).ExitCode == 0;

    [LibraryImport("libc", EntryPoint = "chown", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int ChangeOwner(string path, uint owner, uint group);
}
