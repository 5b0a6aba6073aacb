using Etl.Application.Errors;
using Npgsql;

namespace Etl.Infrastructure.Postgres;

/// <summary>Reason and next step for each SQLSTATE, with the server's own words.</summary>
internal static class SqlStates
{
    private static readonly string[] LostNode =
    [
        "failure on connection marked as essential",
        "server closed the connection unexpectedly",
        "connection to the remote node",
    ];

    private const string ServerClosed = "The server was stopped or restarted. Run again.";

    public static PostgresErrorDescription Explain(PostgresException refused)
    {
        var (reason, nextStep) = Describe(refused);
        var words = ServerText.Of(refused);
        return new PostgresErrorDescription(
            CodeOf(refused),
            reason is null ? words : $"{reason}. {words}",
            nextStep,
            IsTransient(refused)
        );
    }

    /// <summary>The driver's classification, extended by the states of a server that is shutting down.</summary>
    private static bool IsTransient(PostgresException refused) =>
        refused.IsTransient || refused.SqlState is "57P01" or "57P02" or "57P05" || HasLostNode(refused);

    /// <summary>A coordinator of Citus has no SQLSTATE for a node that it lost. Its words are recognized in English only.</summary>
    private static bool HasLostNode(PostgresException refused) =>
        refused.SqlState == PostgresErrorCodes.InternalError
        && LostNode.Any(t => refused.MessageText.Contains(t, StringComparison.Ordinal));

    private static ErrorCode CodeOf(PostgresException refused) =>
        refused.SqlState is "57P01" or "57P02" or "57P03" or "57P05"
        || refused.SqlState.StartsWith("08", StringComparison.Ordinal)
        || HasLostNode(refused)
            ? ErrorCode.DatabaseUnreachable
            : ErrorCode.Database;

    private static (string? Reason, string NextStep) Describe(PostgresException refused) =>
        refused.SqlState switch
        {
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => (
                "the server did not accept the user or the password",
                "Check the user, the password and the server's pg_hba.conf."
            ),
            PostgresErrorCodes.InvalidCatalogName => (
                "the database does not exist",
                "Create it, or correct its name in the connection string."
            ),
            PostgresErrorCodes.InsufficientPrivilege => (
                "the user lacks a privilege",
                "Grant it; docs/roles.sql lists the privileges of each role."
            ),
            PostgresErrorCodes.ReadOnlySqlTransaction => (
                "the database is read-only",
                "Connect to the primary server, or set default_transaction_read_only to off for the user."
            ),
            PostgresErrorCodes.ForeignKeyViolation => (
                "a foreign key references rows that are no longer in the snapshot",
                "Delete the referencing rows, or define the foreign key with on delete cascade or set null."
            ),
            PostgresErrorCodes.DiskFull => (
                "the server's disk is full",
                "Free or add disk space on the server, then run again."
            ),
            PostgresErrorCodes.OutOfMemory => (
                "the server is out of memory",
                "Add memory to the server, then run again."
            ),
            PostgresErrorCodes.LockNotAvailable => (
                "a lock could not be acquired in time",
                "Find the session that holds it in pg_stat_activity, wait until it ends, and run again."
            ),
            PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure => (
                "the transaction conflicted with another session",
                "Run again."
            ),
            PostgresErrorCodes.QueryCanceled => (
                "the server canceled the statement (statement_timeout or an administrator)",
                "Raise statement_timeout for this user, or run when the server has less load."
            ),
            _ => DescribeOthers(refused),
        };

    private static (string? Reason, string NextStep) DescribeOthers(PostgresException refused) =>
        refused.SqlState switch
        {
            PostgresErrorCodes.TooManyConnections => (
                "the server has no free connection",
                "Close other sessions or raise max_connections; a run needs 5 connections."
            ),
            PostgresErrorCodes.CannotConnectNow => (
                "the server is starting up or shutting down",
                "Wait until it accepts connections, then run again."
            ),
            PostgresErrorCodes.AdminShutdown => ("the server ended the session", ServerClosed),
            PostgresErrorCodes.CrashShutdown => ("the server ended the session", ServerClosed),
            "57P05" or "25P03" => (
                "the server ended an idle session",
                "Raise idle_session_timeout and idle_in_transaction_session_timeout for this user."
            ),
            PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName => (
                "a table or schema is missing",
                "Run `etl migrate`, then run again."
            ),
            PostgresErrorCodes.UndefinedColumn => (
                "a column that this version needs is missing",
                "Run `etl migrate`, then run again."
            ),
            PostgresErrorCodes.UntranslatableCharacter or PostgresErrorCodes.CharacterNotInRepertoire => (
                "the encoding of the database lacks a character of the data",
                "Create a database with encoding UTF8, and connect to it."
            ),
            PostgresErrorCodes.InternalError when HasLostNode(refused) => (
                "the connection to a node of the cluster was lost",
                "Start the node (`etl doctor` names one that does not answer), then run again."
            ),
            // PgBouncer's words, in English only.
            PostgresErrorCodes.ProtocolViolation
                when refused.MessageText.Contains("startup parameter", StringComparison.Ordinal) => (
                "the connection pooler refuses a startup parameter",
                "Set Etl:Postgres:StatementTimeoutSeconds to 0, set statement_timeout for the user (alter role … set "
                    + "statement_timeout), and remove Options from the connection string."
            ),
            _ => (null, NextStepOf(refused.SqlState)),
        };

    /// <summary>By class, the first two characters of the SQLSTATE.</summary>
    private static string NextStepOf(string state) =>
        state[..2] switch
        {
            "08" => "Check the network and any pooler between etl and the server, then run again.",
            "0A" => "Check the server's version, its extensions and any pooler between etl and the server.",
            "22" or "23" or "44" =>
                "Remove the constraint, trigger or rule that was added to the named table, or correct it.",
            "28" => "Check the user, the password and the server's pg_hba.conf.",
            "2B" or "42" => "Run `etl migrate`: it names each object that differs from its description.",
            "53" or "54" => "Raise the limit of the server that the message names, then run again.",
            "55" => "Wait until the session that uses the object ends, then run again.",
            "P0" => "Ask the owner of the database: a trigger or function of this database refuses what a run needs.",
            "58" or "F0" or "XX" => "See the server's log; its disk or its files may be damaged.",
            _ => "See the server's log for the statement, and ask its administrator.",
        };
}
