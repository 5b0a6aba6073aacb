using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Security.Authentication;
using Etl.Application.Errors;
using Npgsql;

namespace Etl.Infrastructure.Postgres;

/// <summary>
/// Turns what the driver throws into an error that people can read. Whether it may pass by itself is the driver's own
/// verdict; no text of an exception is ever shown, as it may hold values of rows.
/// </summary>
internal static class PostgresErrors
{
    /// <summary>Does some work; a exception of PostgreSQL leaves it as an <see cref="EtlException"/>.</summary>
    /// <param name="database">The pool that the work uses.</param>
    /// <param name="doing">What is done on which object, as in <c>load orders</c>.</param>
    /// <param name="work">The work. Cancellation and errors of other parts pass unchanged.</param>
    public static async Task<T> GuardAsync<T>(this NpgsqlDataSource database, string doing, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception exception) when (database.Explains(exception, doing, out var known))
        {
            throw new EtlException(known, exception);
        }
    }

    /// <inheritdoc cref="GuardAsync{T}"/>
    public static Task GuardAsync(this NpgsqlDataSource database, string doing, Func<Task> work) =>
        database.GuardAsync(
            doing,
            async () =>
            {
                await work();
                return true;
            }
        );

    /// <summary>Whether a exception is PostgreSQL's or the way's to it, and what it is called then.</summary>
    public static bool Explains(
        this NpgsqlDataSource database,
        Exception exception,
        string doing,
        [NotNullWhen(true)] out EtlError? known
    )
    {
        // What was thrown while a connection was made, in our own words already, comes wrapped.
        known = (Find(exception)?.InnerException as EtlException)?.Error;
        if (known is not null)
        {
            return true;
        }

        var target = ConnectionText.Describe(new NpgsqlConnectionStringBuilder(database.ConnectionString));
        var verdict = Find(exception) switch
        {
            PostgresException refused => SqlStates.Explain(refused),
            NpgsqlException broken => OfConnection(broken.InnerException, broken.IsTransient, target),
            SocketException unreachable => OfConnection(unreachable, transient: true, target),
            _ => null,
        };
        if (verdict is null)
        {
            return false;
        }

        var message = $"Could not {doing}: {verdict.What}. Database {target}.";
        known = new EtlError(verdict.Code, message, verdict.NextStep, verdict.Retryable);
        return true;
    }

    /// <summary>EF Core wraps what the driver calls transient; anything of another part is not looked into.</summary>
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
                $"PostgreSQL cannot be reached ({Words(socket.SocketErrorCode)})",
                "Check that the server runs, its host and port, and the network between; then run again.",
                Retryable: true
            ),
            AuthenticationException => new(
                ErrorCode.DatabaseUnreachable,
                "the server's TLS certificate could not be verified",
                "Give the authority's certificate by `Root Certificate` (sslrootcert), and use the name that the "
                    + "certificate is made for; `SSL Mode` says how strict the check is."
            ),
            TimeoutException => new(
                ErrorCode.DatabaseUnreachable,
                "PostgreSQL did not answer in time",
                "Check that the server runs and is not overloaded; then run again.",
                Retryable: true
            ),
            IOException => Lost,
            _ when transient => Lost,
            _ => new(
                ErrorCode.Database,
                "the driver and the server could not agree on how to talk",
                $"Check TLS and authentication settings on both sides; the server is {target}."
            ),
        };

    private static PostgresErrorDescription Lost { get; } =
        new(
            ErrorCode.DatabaseUnreachable,
            "the connection to PostgreSQL was lost",
            "Run again: what was not published is dropped, and what was is kept.",
            Retryable: true
        );

    private static string Words(SocketError error) =>
        error switch
        {
            SocketError.ConnectionRefused => "nothing listens there",
            SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "the host's name is not known",
            SocketError.TimedOut => "no answer in time",
            SocketError.HostUnreachable or SocketError.NetworkUnreachable => "no way to the host",
            SocketError.AccessDenied => "the socket may not be used",
            _ => "the socket cannot be opened",
        };
}

/// <summary>What a exception is called.</summary>
internal sealed record PostgresErrorDescription(ErrorCode Code, string What, string NextStep, bool Retryable = false);
