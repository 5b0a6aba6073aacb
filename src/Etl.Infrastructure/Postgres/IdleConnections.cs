using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Etl.Infrastructure.Postgres;

/// <summary>The connections that the pool keeps for the next run.</summary>
public static class IdleConnections
{
    /// <summary>
    /// Closes them. For a host that is frozen between two runs: it cannot keep them alive, and would find out only by
    /// using a dead one; meanwhile they count for the server.
    /// </summary>
    public static void CloseIdleConnections(this IServiceProvider services) =>
        services.GetRequiredService<NpgsqlDataSource>().Clear();
}
