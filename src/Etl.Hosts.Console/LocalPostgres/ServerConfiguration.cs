using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Etl.Hosts.Console.LocalPostgres;

/// <summary>The configuration of the server and its addresses. It is written before each start.</summary>
internal sealed class ServerConfiguration(LocalPostgresOptions options, ServerFolders folders)
{
    /// <summary>The database of the pipeline.</summary>
    public const string Database = "etl";

    // Not the name of one of our schemas: that schema would be first in the search path of the role.
    private const string Role = "etl_owner";

    private const string FileName = "etl.conf";
    private const int SocketPort = 5432;

    /// <summary>Arguments of <c>initdb</c>, with the password file where the server listens on a port.</summary>
    public string[] InitArguments(string? passwordFile) =>
        [
            "--pgdata",
            folders.Unfinished,
            "--username",
            Role,
            "--encoding",
            "UTF8",
            "--locale",
            "C",
            "--auth-local",
            passwordFile is null ? "trust" : "reject",
            "--auth-host",
            passwordFile is null ? "reject" : "scram-sha-256",
            .. passwordFile is null ? [] : new[] { "--pwfile", passwordFile },
            .. options.Durable ? [] : new[] { "--no-sync" },
        ];

    /// <summary>Makes a new data folder include the settings of <see cref="Write"/>; settings below the include override them.</summary>
    public void Include() =>
        File.AppendAllText(
            Path.Combine(folders.Unfinished, "postgresql.conf"),
            $"\n# etl writes the included file before each start. Put your own settings below this line.\ninclude_if_exists = '{FileName}'\n"
        );

    public void Write()
    {
        var lines = new StringBuilder();
        void Set(string name, string value) =>
            lines.Append(name).Append(" = '").Append(value.Replace("'", "''", StringComparison.Ordinal)).Append("'\n");

        Set("listen_addresses", options.OnLoopback ? "127.0.0.1" : "");
        Set("port", (options.OnLoopback ? FreePort() : SocketPort).ToString(CultureInfo.InvariantCulture));
        Set("unix_socket_directories", options.OnLoopback ? "" : folders.Socket);
        Set("unix_socket_permissions", "0700");
        Set("shared_buffers", $"{options.SharedBuffersMegabytes}MB");
        Set("max_wal_size", "2GB");
        Set("checkpoint_timeout", "15min");
        Set("maintenance_work_mem", "128MB");
        Set("work_mem", "32MB");
        Set("random_page_cost", "1.1");
        Set("timezone", "UTC");
        Set("log_timezone", "UTC");
        Set("lc_messages", "C");
        Set("log_line_prefix", "%m [%p] ");
        if (!options.Durable)
        {
            Set("fsync", "off");
            Set("synchronous_commit", "off");
            Set("full_page_writes", "off");
        }

        File.WriteAllText(Path.Combine(folders.Data, FileName), lines.ToString());
    }

    /// <summary>Creates the random password of a server that listens on a port.</summary>
    /// <returns>A file with only the password, for <c>initdb</c>; the caller deletes it.</returns>
    public string WritePassword(ServerUser user)
    {
        var password = RandomNumberGenerator.GetHexString(32, lowercase: true);
        WriteOwnerOnly(folders.PassFile, $"127.0.0.1:*:*:{Role}:{password}\n");
        var file = Path.Combine(folders.Root, "password.new");
        WriteOwnerOnly(file, password);
        user.Own(file);
        return file;
    }

    public string ConnectionString(ServerProcess server, string database = Database)
    {
        var connection = new NpgsqlConnectionStringBuilder
        {
            Host = options.OnLoopback ? "127.0.0.1" : folders.Socket,
            Port = server.Port,
            Username = Role,
            Database = database,
            GssEncryptionMode = GssEncryptionMode.Disable,
        };
        if (options.OnLoopback)
        {
            connection.Passfile = folders.PassFile;
        }

        return connection.ConnectionString;
    }

    public string Url(ServerProcess server) =>
        options.OnLoopback
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"postgresql://{Role}@127.0.0.1:{server.Port}/{Database}?passfile={Uri.EscapeDataString(folders.PassFile)}"
            )
            : $"postgresql://{Role}@/{Database}?host={Uri.EscapeDataString(folders.Socket)}";

    private static void WriteOwnerOnly(string file, string text)
    {
        File.Delete(file);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var stream = new FileStream(file, options);
        stream.Write(Encoding.UTF8.GetBytes(text));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
