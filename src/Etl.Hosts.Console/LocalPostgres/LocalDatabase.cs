namespace Etl.Hosts.Console.LocalPostgres;

/// <summary>
/// The PostgreSQL of a developer who has configured none: found, made, started in the background and kept. Nobody but
/// its owner can connect. Commands may come at once, from several processes.
/// </summary>
public static class LocalDatabase
{
    /// <summary>Starts the server, or finds the one that runs.</summary>
    /// <param name="options">Where it lives.</param>
    /// <param name="progress">Notified what takes seconds on the first start; may be null.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>The connection string of its database <c>etl</c>; it holds no password.</returns>
    /// <exception cref="Application.Errors.EtlException">There are no programs, or the server did not start.</exception>
    public static async Task<string> StartAsync(
        LocalPostgresOptions options,
        IProgress<string>? progress,
        CancellationToken cancellationToken
    )
    {
        var server = new LocalServer(options, progress);
        return server.Configuration.ConnectionString(await server.StartAsync(cancellationToken));
    }

    /// <summary>The connection string of the server that runs; null where none does. Changes nothing.</summary>
    public static string? Find(LocalPostgresOptions options)
    {
        var folders = ServerFolders.Of(options);
        return ServerProcess.Find(folders, ServerUser.Choose()) is { Ready: true } server
            ? new ServerConfiguration(options, folders).ConnectionString(server)
            : null;
    }

    /// <summary>Stops the server: open transactions are rolled back, connections closed, data written.</summary>
    /// <returns>False where none ran.</returns>
    /// <exception cref="Application.Errors.EtlException">It did not stop in time.</exception>
    public static Task<bool> StopAsync(LocalPostgresOptions options, CancellationToken cancellationToken) =>
        new LocalServer(options, progress: null).StopAsync(cancellationToken);

    /// <summary>How the server stands; changes nothing.</summary>
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

    /// <summary>The running server's address as <c>psql</c> takes it, without a password; null where none runs.</summary>
    public static string? Url(LocalPostgresOptions options)
    {
        var folders = ServerFolders.Of(options);
        return ServerProcess.Find(folders, ServerUser.Choose()) is { Ready: true } server
            ? new ServerConfiguration(options, folders).Url(server)
            : null;
    }
}
