namespace Etl.Hosts.Console.LocalPostgres;

/// <summary>
/// The local PostgreSQL, used where no connection is configured: created at the first start, run in the background, its data
/// kept. Only its owner can connect. Several processes can call it at the same time.
/// </summary>
public static class LocalDatabase
{
    /// <summary>Starts the server if it does not run.</summary>
    /// <param name="options">Its settings.</param>
    /// <param name="progress">Gets one line per long operation of the first start; may be null.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The connection string of its database <c>etl</c>, without a password.</returns>
    /// <exception cref="Application.Errors.EtlException">PostgreSQL is not installed, or the server did not start.</exception>
    public static async Task<string> StartAsync(
        LocalPostgresOptions options,
        IProgress<string>? progress,
        CancellationToken cancellationToken
    )
    {
        var server = new LocalServer(options, progress);
        return server.Configuration.ConnectionString(await server.StartAsync(cancellationToken));
    }

    /// <summary>The connection string of the running server; null where none runs. Changes nothing.</summary>
    public static string? Find(LocalPostgresOptions options)
    {
        var folders = ServerFolders.Of(options);
        return ServerProcess.Find(folders, ServerUser.Choose()) is { Ready: true } server
            ? new ServerConfiguration(options, folders).ConnectionString(server)
            : null;
    }

    /// <summary>Waits until no run uses the server, and reports the run that it waits for.</summary>
    public static Task WaitForRunAsync(
        LocalPostgresOptions options,
        IProgress<string> progress,
        CancellationToken cancellationToken
    ) => new LocalServer(options, progress).WaitForRunAsync(cancellationToken);

    /// <summary>Stops the server: rolls back open transactions and closes connections.</summary>
    /// <returns>False where none was running.</returns>
    /// <exception cref="Application.Errors.EtlException">It did not stop in time.</exception>
    public static Task<bool> StopAsync(LocalPostgresOptions options, CancellationToken cancellationToken) =>
        new LocalServer(options, progress: null).StopAsync(cancellationToken);

    /// <summary>The status of the server. Changes nothing.</summary>
    public static LocalPostgresStatus Status(LocalPostgresOptions options)
    {
        var folders = ServerFolders.Of(options);
        var server = ServerProcess.Find(folders, ServerUser.Choose());
        return new LocalPostgresStatus(
            server is { Ready: true },
            server?.Id,
            folders.Root,
            folders.Log,
            folders.DataVersion()
        );
    }

    /// <summary>The URL of the running server for <c>psql</c>, without a password; null where none runs.</summary>
    public static string? Url(LocalPostgresOptions options)
    {
        var folders = ServerFolders.Of(options);
        return ServerProcess.Find(folders, ServerUser.Choose()) is { Ready: true } server
            ? new ServerConfiguration(options, folders).Url(server)
            : null;
    }
}

/// <summary>The status of the local PostgreSQL.</summary>
/// <param name="Running">Whether it runs and accepts connections.</param>
/// <param name="ProcessId">Its process ID; null where none runs.</param>
/// <param name="Folder">The folder of its data, socket and log.</param>
/// <param name="LogFile">Its log.</param>
/// <param name="MajorVersion">The major version of its data; null before the first start.</param>
public sealed record LocalPostgresStatus(
    bool Running,
    int? ProcessId,
    string Folder,
    string LogFile,
    int? MajorVersion
);
