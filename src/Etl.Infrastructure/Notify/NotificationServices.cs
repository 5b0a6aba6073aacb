using System.Runtime.CompilerServices;
using Etl.Application.Notify;
using Etl.Application.Operations;
using Etl.Infrastructure.Export.Lake;
using Etl.Infrastructure.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Etl.Infrastructure.Notify;

/// <summary>The notifier, by what is set.</summary>
internal static class NotificationServices
{
    public static IServiceCollection AddNotifications(this IServiceCollection services, IConfiguration etl) =>
        services
            .AddSettings<NotifyOptions, NotifyOptionsValidator>(etl, "Notify")
            .AddSettings<SmtpOptions, SmtpOptionsValidator>(etl, "Notify:Smtp")
            .AddSingleton(Choose)
            .AddSingleton<IHealthCheck>(p => new NotifierHealth(
                p.GetRequiredService<IOptions<NotifyOptions>>(),
                p.GetRequiredService<IOptions<LakeOptions>>(),
                HasServer(p) ? () => Smtp(p) : null
            ));

    private static INotifier Choose(IServiceProvider services) =>
        services.GetRequiredService<IOptions<NotifyOptions>>().Value switch
        {
            { TopicArn: { } arn } when !string.IsNullOrWhiteSpace(arn) =>
                ActivatorUtilities.CreateInstance<SnsNotifier>(services),
            _ when HasServer(services) => Smtp(services),
            _ => ActivatorUtilities.CreateInstance<MailFileNotifier>(services),
        };

    private static bool HasServer(IServiceProvider services) =>
        services.GetRequiredService<IOptions<SmtpOptions>>().Value.Host is { Length: > 0 };

    /// <summary>Only a run that mails loads the library for it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static SmtpNotifier Smtp(IServiceProvider services) =>
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
