using Etl.Application.Operations;
using Etl.Application.Publish;
using Etl.Application.Runs;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Etl.Infrastructure.Publish;

/// <summary>What makes a run visible, and drops what nobody sees any more.</summary>
internal static class PublishServices
{
    public static IServiceCollection AddPublish(this IServiceCollection services) =>
        services
            .AddSingleton<Publisher>()
            .AddSingleton<AttachedLoads>()
            .AddSingleton<IHealthCheck>(p => new LoadsHealth(
                p.GetRequiredService<AttachedLoads>,
                p.GetRequiredService<NpgsqlDataSource>
            ))
            .AddSingleton<IPublisher>(p => p.GetRequiredService<Publisher>())
            .AddSingleton<IRollback>(p => p.GetRequiredService<Publisher>())
            .AddSingleton<IPublishedRun>(p => p.GetRequiredService<Publisher>());
}
