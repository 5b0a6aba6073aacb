using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using System.Security.Authentication;
using Etl.Application.Errors;
using Npgsql;

namespace Etl.Infrastructure.Postgres;

/// <summary>
/// Maps the driver's exceptions to errors for people. The driver's own classification decides whether an error is transient.
/// The server's words are shown as <see cref="ServerText"/> cleans them; the driver's own text is never shown.
/// </summary>
internal static class PostgresErrors
{
    /// <summary>Runs an operation and maps an exception of PostgreSQL to an <see cref="EtlException"/>.</summary>
    /// <param name="database">The pool that the operation uses.</param>
    /// <param name="action">A verb and its object, as in <c>load orders</c>.</param>
    /// <param name="operation">The operation. Cancellation and exceptions of other components pass unchanged.</param>
    public static async Task<T> GuardAsync<T>(this NpgsqlDataSource database, string action, Func<Task<T>> operation)
    {
        try
        {
            return await operation();
        }
        catch (Exception exception) when (database.Explains(exception, action, out var known))
        {
            throw new EtlException(known, Find(exception) is PostgresException refused ? Clean(refused) : exception);
        }
    }

    /// <inheritdoc cref="GuardAsync{T}"/>
    public static Task GuardAsync(this NpgsqlDataSource database, string action, Func<Task> operation) =>
        database.GuardAsync(
            action,
            async () =>
            {
                await operation();
                return true;
            }
        );

    /// <summary>Maps an exception of PostgreSQL or of the connection to it; false for any other.</summary>
    public static bool Explains(
        this NpgsqlDataSource database,
        Exception exception,
        string action,
        [NotNullWhen(true)] out EtlError? known
    )
    {
        // The driver wraps an EtlException that is thrown while a connection is opened.
        known = (Find(exception)?.InnerException as EtlException)?.Error;
        if (known is not null)
        {
            return true;
        }

        var target = ConnectionText.Describe(new NpgsqlConnectionStringBuilder(database.ConnectionString));
        var description = Find(exception) switch
        {
            PostgresException refused => SqlStates.Explain(refused),
            NpgsqlException broken => OfConnection(broken.InnerException, broken.IsTransient, target),
            SocketException unreachable => OfConnection(unreachable, transient: true, target),
            _ => null,
        };
        if (description is null)
        {
            return false;
        }

        var message = $"Could not {action}: {description.Reason}. Database: {target}.";
        known = new EtlError(description.Code, message, description.NextStep, description.Retryable)
        {
            SqlState = (Find(exception) as PostgresException)?.SqlState,
        };
        return true;
    }

    /// <summary>The exception for the log: the server's cleaned words in place of its message and detail, and the trace.</summary>
    private static PostgresException Clean(PostgresException refused)
    {
        var clean = new PostgresException(
            ServerText.Of(refused),
            refused.Severity,
            refused.InvariantSeverity,
            refused.SqlState
        );
        return refused.StackTrace is { } trace
            ? (PostgresException)ExceptionDispatchInfo.SetRemoteStackTrace(clean, trace)
            : clean;
    }

    /// <summary>EF Core wraps the driver's transient exceptions. Exceptions of other components are not searched.</summary>
    private static Exception? Find(Exception? exception) =>
        exception switch
        {
            null or EtlException or OperationCanceledException => null,
            NpgsqlException or SocketException => exception,
            AggregateException several => several.InnerExceptions.Select(Find).FirstOrDefault(f => f is not null),
            InvalidOperationException => Find(exception.InnerException) as NpgsqlException,
            _ => null,
        };

    private static PostgresErrorDescription OfConnection(Exception? cause, bool transient, string target) =>
        cause switch
        {
            SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.Shutdown } => Lost,
            SocketException socket => new(
                ErrorCode.DatabaseUnreachable,
                $"PostgreSQL cannot be reached ({Reason(socket.SocketErrorCode)})",
                "Check that the server is running, its host and port, and the network; then run again.",
                Retryable: true
            ),
            AuthenticationException => new(
                ErrorCode.DatabaseUnreachable,
                "the server's TLS certificate cannot be verified",
                "Set `Root Certificate` (sslrootcert) to the authority's certificate, and connect by the host name in the "
                    + "server's certificate. `SSL Mode` sets what is verified."
            ),
            TimeoutException => new(
                ErrorCode.DatabaseUnreachable,
                "PostgreSQL did not answer in time",
                "Check that the server is running and not overloaded, then run again.",
                Retryable: true
            ),
            IOException => Lost,
            _ when transient => Lost,
            _ => new(
                ErrorCode.Database,
                "the driver and the server could not negotiate the connection",
                "Check the TLS and authentication settings of the server and of the connection string."
            ),
        };

    private static PostgresErrorDescription Lost { get; } =
        new(
            ErrorCode.DatabaseUnreachable,
            "the connection to PostgreSQL was lost",
            "Run again: published rows are kept, and unpublished rows are dropped.",
            Retryable: true
        );

    private static string Reason(SocketError error) =>
        error switch
        {
            SocketError.ConnectionRefused => "connection refused",
            SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "unknown host name",
            SocketError.TimedOut => "connection timed out",
            SocketError.HostUnreachable or SocketError.NetworkUnreachable => "no route to the host",
            SocketError.AccessDenied => "access to the socket is denied",
            _ => "the socket cannot be opened",
        };
}

/// <summary>A PostgreSQL error for people, without values of rows.</summary>
internal sealed record PostgresErrorDescription(ErrorCode Code, string Reason, string NextStep, bool Retryable = false);
