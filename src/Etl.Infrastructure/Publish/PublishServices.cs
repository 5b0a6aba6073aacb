using Etl.Application.Operations;
using Etl.Application.Publish;
using Etl.Application.Runs;
using Etl.Infrastructure.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Etl.Infrastructure.Publish;

/// <summary>What makes a run visible, and drops what nobody sees any more.</summary>
internal static class PublishServices
{
    public static IServiceCollection AddPublish(this IServiceCollection services) =>
        services
            .AddSingleton<Publisher>()
            .AddSingleton(p => new StagingReaders(
                p.GetRequiredService<NpgsqlDataSource>(),
                p.GetRequiredService<IOptions<SchemaOptions>>().Value
            ))
            .AddSingleton<IHealthCheck>(p => new ReadersHealth(
                p.GetRequiredService<StagingReaders>,
                p.GetRequiredService<NpgsqlDataSource>,
                TimeSpan.FromMinutes(1)
            ))
            .AddSingleton<IPublisher>(p => p.GetRequiredService<Publisher>())
            .AddSingleton<IPublishedRun>(p => p.GetRequiredService<Publisher>());
}
