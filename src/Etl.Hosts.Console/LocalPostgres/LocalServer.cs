using System.Globalization;
using Etl.Application.Errors;
using Npgsql;

namespace Etl.Hosts.Console.LocalPostgres;

/// <summary>Creates, starts and stops the server. A lock file lets one command at a time do so.</summary>
internal sealed class LocalServer(LocalPostgresOptions options, IProgress<string>? progress)
{
    private readonly ServerFolders folders = ServerFolders.Of(options);
    private readonly ServerUser user = ServerUser.Choose();
    private readonly ServerLog log = new(ServerFolders.Of(options).Log);
    private readonly TimeSpan timeout = TimeSpan.FromSeconds(options.TimeoutSeconds);

    public ServerFolders Folders => folders;
    public ServerConfiguration Configuration { get; } = new(options, ServerFolders.Of(options));

    public async Task<ServerProcess> StartAsync(CancellationToken cancellationToken)
    {
        folders.Create(user);
        await using var exclusive = await LockAsync(cancellationToken);
        if (
            await RunningAsync(cancellationToken) is { } server
            && await AcceptsConnectionsAsync(server, cancellationToken)
        )
        {
            return server;
        }

        return await StartServerAsync(cancellationToken);
    }

    /// <summary>Waits until no lease of a run is valid; the lease of a killed run expires.</summary>
    public async Task WaitForRunAsync(CancellationToken cancellationToken)
    {
        string? reported = null;
        while (await FindRunAsync(cancellationToken) is { } run)
        {
            if (reported != run)
            {
                progress?.Report($"Waiting for the end of run {run}. `etl db stop --now` does not wait.");
                reported = run;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>The run in progress; null if there is none, or if the server does not answer.</summary>
    private async Task<string?> FindRunAsync(CancellationToken cancellationToken)
    {
        if (ServerProcess.Find(folders, user) is not { Ready: true } server)
        {
            return null;
        }

        try
        {
            await using var connection = new NpgsqlConnection(
                Configuration.ConnectionString(server) + ";Pooling=false"
            );
            await connection.OpenAsync(cancellationToken);
            await using var find = new NpgsqlCommand(
                "select run_id from etl.runs where lease_until > clock_timestamp() limit 1",
                connection
            );
            return (string?)await find.ExecuteScalarAsync(cancellationToken);
        }
        catch (NpgsqlException)
        {
            return null; // No ledger yet, or a server that cannot be asked; a stop does not need it.
        }
    }

    public async Task<bool> StopAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folders.Data))
        {
            return false;
        }

        await using var exclusive = await LockAsync(cancellationToken);
        if (await RunningAsync(cancellationToken) is null)
        {
            return false;
        }

        var programs = await FindProgramsAsync(cancellationToken);
        string[] arguments = ["stop", "-s", "-w", "-m", "fast", "-t", Seconds, "-D", folders.Data];
        var result = await ProcessRunner.RunAsync(programs.PgCtl, arguments, user, folders.Root, cancellationToken);
        return result.ExitCode == 0 || ServerProcess.Find(folders, user) is null
            ? true
            : throw Error(
                $"The local PostgreSQL did not stop within {Seconds} seconds.",
                $"Close the open connections and stop it again. Its log is {folders.Log}"
            );
    }

    private string Seconds => options.TimeoutSeconds.ToString(CultureInfo.InvariantCulture);

    private async Task<ServerProcess> StartServerAsync(CancellationToken cancellationToken)
    {
        await ServerProcess.CleanUpAsync(folders, user, cancellationToken);
        var programs = await FindProgramsAsync(cancellationToken);
        if (folders.DataVersion() is null)
        {
            await CreateDataAsync(programs, cancellationToken);
        }

        Configuration.Write();
        log.Mark();
        string[] arguments = ["start", "-s", "-w", "-t", Seconds, "-D", folders.Data, "-l", folders.Log];
        var result = await ProcessRunner.RunAsync(programs.PgCtl, arguments, user, folders.Root, cancellationToken);
        if (result.ExitCode != 0 || ServerProcess.Find(folders, user) is not { } server)
        {
            throw Error(
                $"The local PostgreSQL in {folders.Root} did not start: {log.LastError()}",
                $"See the end of {folders.Log}, then start it again with `etl db start`."
            );
        }

        await CreateDatabaseAsync(server, cancellationToken);
        return server;
    }

    // The process of a killed server exists for a short time; wait for its end.
    private async Task<bool> AcceptsConnectionsAsync(ServerProcess server, CancellationToken cancellationToken)
    {
        try
        {
            await CreateDatabaseAsync(server, cancellationToken);
            return true;
        }
        catch (NpgsqlException)
        {
            bool HasEnded() => ServerProcess.Find(folders, user)?.Id != server.Id;
            return await Polling.UntilAsync(HasEnded, timeout, cancellationToken) ? false : throw NoAnswer();
        }
    }

    private async Task<PostgresPrograms> FindProgramsAsync(CancellationToken cancellationToken)
    {
        if (!await user.CanEnterAsync(folders.Root, cancellationToken))
        {
            throw new EtlException(
                ErrorCode.Configuration,
                $"PostgreSQL does not run as root, and user {user.Name} cannot enter {folders.Root}.",
                "Set Etl:LocalPostgres:DataDirectory to a folder that this user can enter, for example below /var/lib, "
                    + "or run etl as the owner of the folder."
            );
        }

        return await PostgresPrograms.FindAsync(options, user, folders.DataVersion(), progress, cancellationToken);
    }

    private async Task CreateDataAsync(PostgresPrograms programs, CancellationToken cancellationToken)
    {
        progress?.Report($"Creating the database in {folders.Root} (first start only).");
        if (Directory.Exists(folders.Unfinished))
        {
            Directory.Delete(folders.Unfinished, recursive: true);
        }

        var password = options.OnLoopback ? Configuration.WritePassword(user) : null;
        try
        {
            var arguments = Configuration.InitArguments(password);
            var result = await ProcessRunner.RunAsync(
                programs.InitDb,
                arguments,
                user,
                folders.Root,
                cancellationToken
            );
            if (result.ExitCode != 0)
            {
                throw Error(
                    $"initdb could not create the database in {folders.Root}: {result.LastLine}",
                    "Make sure that the folder is writable and has 100 MB of free disk space, then run the command again."
                );
            }
        }
        finally
        {
            File.Delete(password ?? Path.Combine(folders.Root, "password.new"));
        }

        Configuration.Include();
        Directory.Move(folders.Unfinished, folders.Data);
    }

    private async Task CreateDatabaseAsync(ServerProcess server, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(
            Configuration.ConnectionString(server, "postgres") + ";Pooling=false"
        );
        await connection.OpenAsync(cancellationToken);
        await using var find = new NpgsqlCommand("select 1 from pg_database where datname = $1", connection);
        find.Parameters.Add(new NpgsqlParameter { Value = ServerConfiguration.Database });
        if (await find.ExecuteScalarAsync(cancellationToken) is null)
        {
            await using var create = new NpgsqlCommand($"create database {ServerConfiguration.Database}", connection);
            await create.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    // Waits for a server that is starting or stopping, by hand or by a command that was stopped.
    private async Task<ServerProcess?> RunningAsync(CancellationToken cancellationToken)
    {
        ServerProcess? Current() => ServerProcess.Find(folders, user);
        return await Polling.UntilAsync(() => Current() is null or { Ready: true }, timeout, cancellationToken)
            ? Current()
            : throw NoAnswer();
    }

    private async Task<FileStream> LockAsync(CancellationToken cancellationToken)
    {
        Exception? last = null;
        FileStream? file = null;
        bool Try()
        {
            try
            {
                file = new FileStream(folders.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                last = exception;
            }

            return file is not null || last is UnauthorizedAccessException;
        }

        await Polling.UntilAsync(Try, timeout * 2, cancellationToken);
        return file
            ?? throw new EtlException(
                ErrorCode.DatabaseUnreachable,
                last is UnauthorizedAccessException
                    ? $"The folder of the local PostgreSQL belongs to another user: {folders.Root}"
                    : $"Another command is still starting or stopping the local PostgreSQL in {folders.Root}.",
                last is UnauthorizedAccessException
                    ? "Run etl as that user, or set Etl:LocalPostgres:DataDirectory to a folder of this user."
                    : "Wait until that command has ended, then run this one again.",
                retryable: last is not UnauthorizedAccessException,
                last
            );
    }

    private EtlException NoAnswer() =>
        Error(
            $"The local PostgreSQL in {folders.Root} is running but does not accept connections.",
            $"See the end of {folders.Log}. It may be recovering from a crash; then wait and try again."
        );

    private static EtlException Error(string message, string nextStep) =>
        new(ErrorCode.DatabaseUnreachable, message, nextStep);
}
