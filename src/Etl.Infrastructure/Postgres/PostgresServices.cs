using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Etl.Infrastructure.Postgres;

/// <summary>The one way to the destination, shared by every adapter.</summary>
internal static class PostgresServices
{
    public static IServiceCollection AddPostgres(this IServiceCollection services) =>
        services.AddSingleton(p => PostgresDataSource.Open(p.GetRequiredService<IOptions<PostgresOptions>>().Value));
}
