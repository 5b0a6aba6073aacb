using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Infrastructure.Postgres;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Etl.Infrastructure.Ledger;

/// <summary>
/// Creates the database user of a deployment with an administrator's login, and as this user the tables. It can be repeated.
/// </summary>
public sealed partial class DatabaseSetup
{
    private const string File = "docs/roles-iam.sql";

    private readonly IOptions<PostgresOptions> options;
    private readonly SchemaOptions schemas;
    private readonly ILedgerMigrations migrations;
    private readonly TimeProvider clock;
    private readonly ILoggerFactory logs;
    private readonly ILogger<DatabaseSetup> log;

    internal DatabaseSetup(
        IOptions<PostgresOptions> options,
        IOptions<SchemaOptions> schemas,
        ILedgerMigrations migrations,
        TimeProvider clock,
        ILoggerFactory logs
    )
    {
        this.options = options;
        this.schemas = schemas.Value;
        this.migrations = migrations;
        this.clock = clock;
        this.logs = logs;
        log = logs.CreateLogger<DatabaseSetup>();
    }

    /// <summary>Creates the user of the connection string of the settings, in its database, and migrates as this user.</summary>
    /// <param name="administrator">A user that may create roles; its password is used for this call only.</param>
    /// <param name="password">The administrator's password.</param>
    /// <param name="cancellationToken">Ends the setup; the statements that create the user are one transaction.</param>
    /// <returns>The user that was set up.</returns>
    /// <exception cref="EtlException">The settings name no user, or the database reported an error.</exception>
    public async Task<string> SetUpAsync(string administrator, string password, CancellationToken cancellationToken)
    {
        var login = ConnectionText.Parse(options.Value.ConnectionString);
        if (login.Username is not { } user || user == administrator)
        {
            throw new EtlException(
                ErrorCode.Configuration,
                "The connection string of Etl:Postgres:ConnectionString names no user other than the administrator.",
                "Set the user that runs the pipeline in it, and send the administrator's in the event."
            );
        }

        await using var database = PostgresDataSource.OpenAs(options.Value, administrator, password);
        await new LedgerConnection(database, options, clock, logs.CreateLogger<LedgerConnection>()).WaitAsync(
            cancellationToken
        );
        await database.GuardAsync(
            $"create the database user {user}",
            () => CreateUserAsync(database, user, login.Password, cancellationToken)
        );
        var applied = await migrations.MigrateAsync(cancellationToken);
        LogReady(user, applied.Count);
        return user;
    }

    private async Task CreateUserAsync(
        NpgsqlDataSource database,
        string user,
        string? password,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // Without IAM the user has the password of the settings. The server gets its verifier only.
        var verifier =
            options.Value.UseIamAuthentication || string.IsNullOrEmpty(password) ? "" : ScramVerifier.Of(password);
        await connection.ExecuteSqlAsync(
            "select set_config('etl.loader', $1, false), set_config('etl.verifier', $2, false), "
                + "set_config('etl.staging', $3, false), set_config('etl.store', $4, false), "
                + "set_config('etl.analytics', $5, false)",
            [user, verifier, schemas.Staging, schemas.Store, schemas.Analytics],
            cancellationToken
        );
        await connection.ExecuteSqlAsync(SqlFile.Read(File), cancellationToken);
    }

    [LoggerMessage(47, LogLevel.Information, "Set up the database user {User}; applied {Migrations} migrations")]
    private partial void LogReady(string user, int migrations);
}
