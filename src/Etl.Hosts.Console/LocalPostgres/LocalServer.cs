using System.Globalization;
using Etl.Application.Errors;
using Npgsql;

namespace Etl.Hosts.Console.LocalPostgres;

/// <summary>One private server, from its first start on. Its lock file lets one command at a time start or stop it.</summary>
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
        await using var turn = await TakeTurnAsync(cancellationToken);
        if (await RunningAsync(cancellationToken) is { } server && await AnswersAsync(server, cancellationToken))
        {
            return server;
        }

        return await BeginAsync(cancellationToken);
    }

    public async Task<bool> StopAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folders.Data))
        {
            return false;
        }

        await using var turn = await TakeTurnAsync(cancellationToken);
        if (await RunningAsync(cancellationToken) is null)
        {
            return false;
        }

        var programs = await FindProgramsAsync(cancellationToken);
        string[] arguments = ["stop", "-s", "-w", "-m", "fast", "-t", Seconds, "-D", folders.Data];
        var said = await ProcessRunner.RunAsync(programs.PgCtl, arguments, user, folders.Root, cancellationToken);
        return said.ExitCode == 0 || ServerProcess.Find(folders, user) is null
            ? true
            : throw Fault(
                $"The private PostgreSQL did not stop within {Seconds} seconds.",
                "Close the connections that hold it up and stop it again; its log is " + folders.Log
            );
    }

    private string Seconds => options.TimeoutSeconds.ToString(CultureInfo.InvariantCulture);

    private async Task<ServerProcess> BeginAsync(CancellationToken cancellationToken)
    {
        await ServerProcess.CleanUpAsync(folders, user, cancellationToken);
        var programs = await FindProgramsAsync(cancellationToken);
        if (folders.DataVersion() is null)
        {
            await InitialiseAsync(programs, cancellationToken);
        }

        Configuration.Write();
        log.Begin();
        string[] arguments = ["start", "-s", "-w", "-t", Seconds, "-D", folders.Data, "-l", folders.Log];
        var said = await ProcessRunner.RunAsync(programs.PgCtl, arguments, user, folders.Root, cancellationToken);
        if (said.ExitCode != 0 || ServerProcess.Find(folders, user) is not { } server)
        {
            throw Fault(
                $"The private PostgreSQL in {folders.Root} did not start: {log.Complaint()}",
                $"See the end of {folders.Log}; then start it again with `etl db start`."
            );
        }

        await CreateDatabaseAsync(server, cancellationToken);
        return server;
    }

    // A server that was just killed still looks alive for a moment; then its end is waited for.
    private async Task<bool> AnswersAsync(ServerProcess server, CancellationToken cancellationToken)
    {
        try
        {
            await CreateDatabaseAsync(server, cancellationToken);
            return true;
        }
        catch (NpgsqlException)
        {
            bool Gone() => ServerProcess.Find(folders, user)?.Id != server.Id;
            return await Polling.UntilAsync(Gone, timeout, cancellationToken) ? false : throw Silent();
        }
    }

    private async Task<PostgresPrograms> FindProgramsAsync(CancellationToken cancellationToken)
    {
        if (!await user.CanEnterAsync(folders.Root, cancellationToken))
        {
            throw new EtlException(
                ErrorCode.Configuration,
                $"PostgreSQL refuses to run as root, and user {user.Name} cannot enter {folders.Root}",
                "Set Etl:LocalPostgres:DataDirectory to a folder that it can enter, such as one below /var/lib, "
                    + "or start etl as the user that the folder belongs to."
            );
        }

        return await PostgresPrograms.FindAsync(options, user, folders.DataVersion(), progress, cancellationToken);
    }

    private async Task InitialiseAsync(PostgresPrograms programs, CancellationToken cancellationToken)
    {
        progress?.Report($"Making the private database in {folders.Root}, once.");
        if (Directory.Exists(folders.Unfinished))
        {
            Directory.Delete(folders.Unfinished, recursive: true);
        }

        var password = options.OnLoopback ? Configuration.WritePassword(user) : null;
        try
        {
            var arguments = Configuration.InitArguments(password);
            var said = await ProcessRunner.RunAsync(programs.InitDb, arguments, user, folders.Root, cancellationToken);
            if (said.ExitCode != 0)
            {
                throw Fault(
                    $"initdb could not make the private database in {folders.Root}: {said.LastLine}",
                    "Check that the folder can be written and its disk has 100 MB free, then run the command again."
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
        await using var known = new NpgsqlCommand("select 1 from pg_database where datname = $1", connection);
        known.Parameters.Add(new NpgsqlParameter { Value = ServerConfiguration.Database });
        if (await known.ExecuteScalarAsync(cancellationToken) is null)
        {
            await using var create = new NpgsqlCommand($"create database {ServerConfiguration.Database}", connection);
            await create.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    // One that is on its way up or down, started by hand or left by a command that was stopped, is waited for.
    private async Task<ServerProcess?> RunningAsync(CancellationToken cancellationToken)
    {
        ServerProcess? Look() => ServerProcess.Find(folders, user);
        return await Polling.UntilAsync(() => Look() is null or { Ready: true }, timeout, cancellationToken)
            ? Look()
            : throw Silent();
    }

    private async Task<FileStream> TakeTurnAsync(CancellationToken cancellationToken)
    {
        Exception? last = null;
        FileStream? turn = null;
        bool Try()
        {
            try
            {
                turn = new FileStream(folders.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                last = exception;
            }

            return turn is not null || last is UnauthorizedAccessException;
        }

        await Polling.UntilAsync(Try, timeout * 2, cancellationToken);
        return turn
            ?? throw new EtlException(
                ErrorCode.DatabaseUnreachable,
                last is UnauthorizedAccessException
                    ? $"The folder of the private PostgreSQL belongs to another user: {folders.Root}"
                    : $"Another command has been starting or stopping the private PostgreSQL for long: {folders.Root}",
                last is UnauthorizedAccessException
                    ? "Start etl as that user, or set Etl:LocalPostgres:DataDirectory to a folder of this one."
                    : "Wait for that command to end, and run this one again.",
                retryable: last is not UnauthorizedAccessException,
                last
            );
    }

    private EtlException Silent() =>
        Fault(
            $"The private PostgreSQL in {folders.Root} runs and does not answer.",
            $"See the end of {folders.Log}; it may be recovering from a crash."
        );

    private static EtlException Fault(string message, string nextStep) =>
        new(ErrorCode.DatabaseUnreachable, message, nextStep);
}
