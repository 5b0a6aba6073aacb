using Etl.Hosts.Console.LocalPostgres;

namespace Etl.TestKit;

/// <summary>
/// The temporary folder of a test process's server. The process keeps a file in it open, so that a later process can
/// detect that it still runs, or delete the server of a killed one.
/// </summary>
internal sealed class ServerFolder : IDisposable
{
    private const string Prefix = "etl-tests-";
    private const string Programs = "programs";
    private readonly FileStream sign;

    private ServerFolder(string path)
    {
        Root = path;
        sign = Open(path);
    }

    public string Root { get; }

    public static ServerFolder Create() => new(Directory.CreateTempSubdirectory(Prefix).FullName);

    /// <summary>Makes all commands on the server use programs of a version.</summary>
    public static void UsePrograms(string root, string folder) =>
        Directory.CreateSymbolicLink(Path.Combine(root, Programs), folder);

    public static LocalPostgresOptions OptionsOf(string root) =>
        new()
        {
            BinDirectory = new DirectoryInfo(Path.Combine(root, Programs)).LinkTarget,
            DataDirectory = Path.Combine(root, "pg"),
            Durable = false,
            SharedBuffersMegabytes = 128,
        };

    /// <summary>Stops and deletes the servers of test processes that no longer run.</summary>
    public static async Task DeleteStaleAsync()
    {
        foreach (var folder in Directory.EnumerateDirectories(Path.GetTempPath(), $"{Prefix}*"))
        {
            try
            {
                using (Open(folder))
                {
                    await DeleteAsync(folder);
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It belongs to a running process or to another user.
            }
        }
    }

    public static async Task DeleteAsync(string folder)
    {
        await LocalDatabase.StopAsync(OptionsOf(folder), CancellationToken.None);
        Directory.Delete(folder, recursive: true);
    }

    public void Dispose() => sign.Dispose();

    private static FileStream Open(string folder)
    {
        if (!OperatingSystem.IsWindows())
        {
            // If the tests run as root, the server runs as another user, which needs access.
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
        }

        return new FileStream(
            Path.Combine(folder, "in-use"),
            FileMode.OpenOrCreate,
            FileAccess.ReadWrite,
            FileShare.None
        );
    }
}
