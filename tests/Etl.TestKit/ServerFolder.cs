using Etl.Hosts.Console.LocalPostgres;

namespace Etl.TestKit;

/// <summary>
/// The temporary folder of one test process's server. An open file says that the process lives, so that the next one can
/// stop and delete what a killed one left behind.
/// </summary>
internal sealed class ServerFolder : IDisposable
{
    private const string Prefix = "etl-tests-";
    private readonly FileStream sign;

    private ServerFolder(string path)
    {
        Root = path;
        sign = Open(path);
    }

    public string Root { get; }

    public static ServerFolder Create() => new(Directory.CreateTempSubdirectory(Prefix).FullName);

    public static LocalPostgresOptions OptionsOf(string root) =>
        new()
        {
            DataDirectory = Path.Combine(root, "pg"),
            Durable = false,
            SharedBuffersMegabytes = 128,
        };

    /// <summary>Stops and deletes the servers of test processes that are gone.</summary>
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
                // It belongs to a process that lives, or to another user.
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
            // Where the tests run as root the server has a user of its own, who must get in.
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
