using Etl.Application.Operations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Etl.Infrastructure.Postgres;

/// <summary>The one way to the destination, shared by every adapter.</summary>
internal static class PostgresServices
{
    public static IServiceCollection AddPostgres(this IServiceCollection services) =>
        services
            .AddSingleton(p => PostgresDataSource.Open(p.GetRequiredService<IOptions<PostgresOptions>>().Value))
            .AddSingleton<IHealthCheck>(p => new DatabaseHealth(
                p.GetRequiredService<IOptions<PostgresOptions>>(),
                p.GetRequiredService<NpgsqlDataSource>
            ))
            .AddSingleton<IHealthCheck>(p => new ClockHealth(
                p.GetRequiredService<NpgsqlDataSource>,
                p.GetRequiredService<TimeProvider>()
            ));
}
