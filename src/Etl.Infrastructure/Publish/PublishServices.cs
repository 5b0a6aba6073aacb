using Etl.Application.Publish;
using Etl.Application.Runs;
using Microsoft.Extensions.DependencyInjection;

namespace Etl.Infrastructure.Publish;

/// <summary>What makes a run visible, and drops what nobody sees any more.</summary>
internal static class PublishServices
{
    public static IServiceCollection AddPublish(this IServiceCollection services) =>
        services
            .AddSingleton<Publisher>()
            .AddSingleton<IPublisher>(p => p.GetRequiredService<Publisher>())
            .AddSingleton<IPublishedRun>(p => p.GetRequiredService<Publisher>());
}
