using Etl.Application.Ports;
using Etl.Infrastructure.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Etl.Infrastructure.Notifications;

/// <summary>The notifier.</summary>
internal static class NotificationServices
{
    public static IServiceCollection AddNotifications(this IServiceCollection services, IConfiguration etl) =>
        services
            .AddSettings<NotifyOptions, NotifyOptionsValidator>(etl, "Notify")
            .AddSingleton<INotifier, MailFileNotifier>();
}
