using Etl.Application.Errors;
using Npgsql;

namespace Etl.Infrastructure.Postgres;

/// <summary>What the server's own error codes mean to people.</summary>
internal static class SqlStates
{
    private const string ServerClosed = "The server was stopped or restarted meanwhile; run again.";

    public static PostgresErrorDescription Explain(PostgresException refused)
    {
        var (what, nextStep) = Words(refused);
        return new PostgresErrorDescription(CodeOf(refused.SqlState), what, nextStep, MayPass(refused));
    }

    /// <summary>The driver's verdict; and a server that shuts down comes back as a rule.</summary>
    private static bool MayPass(PostgresException refused) =>
        refused.IsTransient || refused.SqlState is "57P01" or "57P02" or "57P05";

    private static ErrorCode CodeOf(string state) =>
        state is "57P01" or "57P02" or "57P03" or "57P05" || state.StartsWith("08", StringComparison.Ordinal)
            ? ErrorCode.DatabaseUnreachable
            : ErrorCode.Database;

    private static (string What, string NextStep) Words(PostgresException refused) =>
        refused.SqlState switch
        {
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => (
                "the server did not accept the user or the password",
                "Check user, password and the server's pg_hba.conf."
            ),
            PostgresErrorCodes.InvalidCatalogName => (
                "the database does not exist",
                "Create it, or correct the database's name in the connection string."
            ),
            PostgresErrorCodes.InsufficientPrivilege => (
                $"the user lacks a right{Object(refused)}",
                "Grant it; docs/roles.sql lists what each role needs."
            ),
            PostgresErrorCodes.ReadOnlySqlTransaction => (
                "the database is read-only",
                "Connect to the primary server, or let the user write (default_transaction_read_only)."
            ),
            PostgresErrorCodes.ForeignKeyViolation => (
                $"rows that are no longer in the snapshot are still referred to{Object(refused)}",
                "Delete the referring rows, or let the foreign key do it: on delete cascade, or set null."
            ),
            PostgresErrorCodes.DiskFull => (
                "the server's disk is full",
                "Free or add disk space on the server; then run again."
            ),
            PostgresErrorCodes.OutOfMemory => ("the server is out of memory", "Give it memory; then run again."),
            PostgresErrorCodes.LockNotAvailable => (
                $"a lock was not had in time{Object(refused)}",
                "See pg_stat_activity for who holds it, let that end, and run again."
            ),
            PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure => (
                "another session's work stood in the way",
                "Run again."
            ),
            PostgresErrorCodes.QueryCanceled => (
                "the server cancelled the statement: statement_timeout, or an administrator",
                "Raise statement_timeout for this user, or run when the server is less busy."
            ),
            PostgresErrorCodes.TooManyConnections => (
                "the server has no connection left",
                "Close other sessions or raise max_connections; a run needs 5 at once."
            ),
            PostgresErrorCodes.CannotConnectNow => ("the server is starting up or shutting down", "Run again soon."),
            PostgresErrorCodes.AdminShutdown => ("the server ended the session", ServerClosed),
            PostgresErrorCodes.CrashShutdown => ("the server ended the session", ServerClosed),
            "57P05" or "25P03" => ("the server ended an idle session", "Raise its idle timeouts for this user."),
            PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName => (
                $"a table or schema is missing{Object(refused)}",
                "Bring the schemas up to date with `etl migrate`; then run again."
            ),
            PostgresErrorCodes.UndefinedColumn => (
                $"a table has not the columns that this version needs{Object(refused)}",
                "Bring the schemas up to date with `etl migrate`; then run again."
            ),
            _ => (
                $"the server refused a statement (SQLSTATE {refused.SqlState}){Object(refused)}",
                "Look the code up in PostgreSQL's manual, appendix A, and the server's log for the statement."
            ),
        };

    /// <summary>The object, where the server names one; never a value.</summary>
    private static string Object(PostgresException refused)
    {
        var table = refused.TableName is { } name
            ? $" on {(refused.SchemaName is { } schema ? $"{schema}." : "")}{name}"
            : "";
        var column = refused.ColumnName is { } columnName ? $", column {columnName}" : "";
        var constraint = refused.ConstraintName is { } rule ? $", constraint {rule}" : "";
        return $"{table}{column}{constraint}";
    }
}
