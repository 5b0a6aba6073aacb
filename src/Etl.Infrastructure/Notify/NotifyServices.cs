using System.Runtime.CompilerServices;
using Etl.Application.Notify;
using Etl.Application.Operations;
using Etl.Infrastructure.Aws;
using Etl.Infrastructure.Export.Lake;
using Etl.Infrastructure.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Etl.Infrastructure.Notify;

/// <summary>Registers the notifier that the settings select, and its health check.</summary>
internal static class NotifyServices
{
    public static IServiceCollection AddNotify(this IServiceCollection services, IConfiguration etl) =>
        services
            .AddSettings<NotifyOptions, RunNotifyOptionsValidator>(etl, "Notify")
            .AddSettings<SmtpOptions, SmtpOptionsValidator>(etl, "Notify:Smtp")
            .AddSingleton(Create)
            .AddSingleton<IHealthCheck>(p => new NotifierHealth(
                p.GetRequiredService<IOptions<NotifyOptions>>(),
                p.GetRequiredService<IOptions<LakeOptions>>(),
                p.GetRequiredService<S3Access>(),
                HasMailServer(p) ? () => CreateSmtp(p) : null
            ));

    private static INotifier Create(IServiceProvider services) =>
        services.GetRequiredService<IOptions<NotifyOptions>>().Value switch
        {
            { TopicArn: { } arn } when !string.IsNullOrWhiteSpace(arn) =>
                ActivatorUtilities.CreateInstance<SnsNotifier>(services),
            { MessagesUri: { } uri } when !string.IsNullOrWhiteSpace(uri) =>
                ActivatorUtilities.CreateInstance<BucketNotifier>(services),
            _ when HasMailServer(services) => CreateSmtp(services),
            _ => ActivatorUtilities.CreateInstance<MailFileNotifier>(services),
        };

    private static bool HasMailServer(IServiceProvider services) =>
        services.GetRequiredService<IOptions<SmtpOptions>>().Value.Host is { Length: > 0 };

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
