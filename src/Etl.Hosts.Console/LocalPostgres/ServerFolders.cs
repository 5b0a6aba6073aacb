using System.Globalization;
using System.Text;
using Etl.Application.Errors;

namespace Etl.Hosts.Console.LocalPostgres;

/// <summary>The folders and files of the server, below one folder that only its owner can enter.</summary>
internal sealed class ServerFolders
{
    // A socket address has 108 bytes on Linux and 104 on macOS, including the terminating zero.
    private const int MaxSocketBytes = 103;

    private ServerFolders(string root) => Root = root;

    public string Root { get; }
    public string Data => Path.Combine(Root, "data");
    public string Unfinished => Path.Combine(Root, "data.new");
    public string Socket => Path.Combine(Root, "run");
    public string Log => Path.Combine(Root, "server.log");
    public string Lock => Path.Combine(Root, "start.lock");
    public string PassFile => Path.Combine(Root, "passfile");
    public string ProcessFile => Path.Combine(Data, "postmaster.pid");
    public string SocketProcessFile => Path.Combine(Socket, ".s.PGSQL.5432.lock");

    /// <summary>The folder of the user, or for root of the machine.</summary>
    public static string ApplicationData =>
        ServerUser.IsNeeded
            ? "/var/lib/etl"
            : Path.Combine(
                Environment.GetFolderPath(
                    Environment.SpecialFolder.LocalApplicationData,
                    Environment.SpecialFolderOption.DoNotVerify
                ),
                "etl"
            );

    public static ServerFolders Of(LocalPostgresOptions options)
    {
        var root = string.IsNullOrWhiteSpace(options.DataDirectory)
            ? Path.Combine(ApplicationData, "postgres")
            : options.DataDirectory;
        if (!Path.IsPathFullyQualified(root) && string.IsNullOrWhiteSpace(options.DataDirectory))
        {
            throw new EtlException(
                ErrorCode.Configuration,
                "This user has no home folder for the local PostgreSQL.",
                "Set Etl:LocalPostgres:DataDirectory to a folder of this user."
            );
        }

        var folders = new ServerFolders(Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)));
        if (!options.OnLoopback && folders.Root.Contains(',', StringComparison.Ordinal))
        {
            throw new EtlException(
                ErrorCode.Configuration,
                "The path of the local PostgreSQL's folder contains a comma, which separates the hosts of a connection string: "
                    + folders.Root,
                "Set Etl:LocalPostgres:DataDirectory to a folder without a comma in its path."
            );
        }

        var length = Encoding.UTF8.GetByteCount(Path.Combine(folders.Socket, ".s.PGSQL.5432"));
        return options.OnLoopback || length <= MaxSocketBytes
            ? folders
            : throw new EtlException(
                ErrorCode.Configuration,
                $"The path of the local PostgreSQL's folder is {length - MaxSocketBytes} bytes too long for a socket: "
                    + folders.Root,
                "Set Etl:LocalPostgres:DataDirectory to a folder with a shorter path."
            );
    }

    /// <summary>The major version of the data; null before the first start.</summary>
    public int? DataVersion()
    {
        var file = Path.Combine(Data, "PG_VERSION");
        return
            File.Exists(file)
            && int.TryParse(
                File.ReadAllText(file).Split('.')[0].Trim(),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var major
            )
            ? major
            : null;
    }

    /// <summary>Creates the folders for the user of the server only; existing data keeps its owner.</summary>
    public void Create(ServerUser user)
    {
        try
        {
            if (!Directory.Exists(Root))
            {
                CreateOwnerOnly(Root, user);
            }

            if (!Directory.Exists(Socket))
            {
                CreateOwnerOnly(Socket, user);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new EtlException(
                ErrorCode.Configuration,
                $"Could not create the folder of the local PostgreSQL: {Root}",
                "Set Etl:LocalPostgres:DataDirectory to a folder that this user can write.",
                cause: exception
            );
        }
    }

    private static void CreateOwnerOnly(string folder, ServerUser user)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        user.Own(folder);
    }
}
