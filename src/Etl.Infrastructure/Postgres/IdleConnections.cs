using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Etl.Infrastructure.Postgres;

/// <summary>The pool's idle connections.</summary>
public static class IdleConnections
{
    /// <summary>
    /// Closes the idle connections. A host that is frozen between two runs cannot keep them alive, and they count against the
    /// server's limit.
    /// </summary>
    public static void CloseIdleConnections(this IServiceProvider services) =>
        services.GetRequiredService<NpgsqlDataSource>().Clear();
}
