using System.Runtime.CompilerServices;
using Etl.Application.Notify;
using Etl.Application.Operations;
using Etl.Infrastructure.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Etl.Infrastructure.Notify;

/// <summary>Registers a notifier for each one that the settings configure, and their health check.</summary>
internal static class NotifyServices
{
    /// <summary>Files are the default: they are written if no other notifier is set, or if their folder is set.</summary>
    public static IServiceCollection AddNotify(this IServiceCollection services, IConfiguration etl)
    {
        services
            .AddSettings<NotifyOptions, RunNotifyOptionsValidator>(etl, "Notify")
            .AddSettings<SmtpOptions, SmtpOptionsValidator>(etl, "Notify:Smtp")
            .AddSettings<WebhookOptions, WebhookOptionsValidator>(etl, "Notify:Webhook");
        if (IsSet("Notify:TopicArn"))
        {
            services.AddSingleton<INotifier, SnsNotifier>();
        }

        if (IsSet("Notify:MessagesUri"))
        {
            services.AddSingleton<INotifier, BucketNotifier>();
        }

        if (IsSet("Notify:Smtp:Host"))
        {
            services.AddSingleton<INotifier>(CreateSmtp);
        }

        if (IsSet("Notify:Webhook:Url"))
        {
            services.AddSingleton<INotifier, WebhookNotifier>();
        }

        if (IsSet("Notify:Directory"))
        {
            services.AddSingleton<INotifier, MailFileNotifier>();
        }

        services.TryAddSingleton<INotifier, MailFileNotifier>();
        return services.AddSingleton<IHealthCheck>(p => new NotifierHealth(p.GetServices<INotifier>));

        bool IsSet(string key) => !string.IsNullOrWhiteSpace(etl[key]);
    }

    /// <summary>Not inlined, so that only runs that send mail load the assemblies of MailKit.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static SmtpNotifier CreateSmtp(IServiceProvider services) =>
        new(
            services.GetRequiredService<IOptions<SmtpOptions>>().Value,
            services.GetRequiredService<IOptions<NotifyOptions>>().Value,
            (
                Environment.GetEnvironmentVariable(SmtpNotifier.UserVariable),
                Environment.GetEnvironmentVariable(SmtpNotifier.PasswordVariable)
            ),
            services.GetRequiredService<TimeProvider>()
        );
}
