using Etl.Application.Ports;
using Etl.Infrastructure.Lake;
using Etl.Infrastructure.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Etl.Infrastructure.Notifications;

/// <summary>The notifier, by what is set.</summary>
internal static class NotificationServices
{
    public static IServiceCollection AddNotifications(this IServiceCollection services, IConfiguration etl) =>
        services
            .AddSettings<NotifyOptions, NotifyOptionsValidator>(etl, "Notify")
            .AddSingleton(Choose)
            .AddSingleton<IHealthCheck>(p => new NotifierHealth(
                p.GetRequiredService<IOptions<NotifyOptions>>(),
                p.GetRequiredService<IOptions<LakeOptions>>()
            ));

    private static INotifier Choose(IServiceProvider services) =>
        services.GetRequiredService<IOptions<NotifyOptions>>().Value switch
        {
            { TopicArn: { } arn } when !string.IsNullOrWhiteSpace(arn) =>
                ActivatorUtilities.CreateInstance<SnsNotifier>(services),
            _ => ActivatorUtilities.CreateInstance<MailFileNotifier>(services),
        };
}
