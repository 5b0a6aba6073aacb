using Etl.Application;
using Etl.Infrastructure.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Etl.Infrastructure;

/// <summary>Registers the pipeline in a host.</summary>
public static class EtlServices
{
    private static readonly string[] Required = ["Etl:Source:Uri", "Etl:Lake:Uri", "Etl:Postgres:ConnectionString"];

    /// <summary>
    /// Registers <see cref="EtlPipeline"/> with all that it needs, from the section <c>Etl</c> of the configuration. The start of
    /// the host validates all settings and reports all errors together.
    /// </summary>
    /// <param name="services">The services of the host, with logging.</param>
    /// <param name="configuration">The configuration of the host. Add its sources before.</param>
    /// <exception cref="Etl.Application.Errors.EtlException">At the start of the host: settings are missing or invalid.</exception>
    public static IServiceCollection AddEtl(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddEtlApplication().AddEtlInfrastructure(configuration);
        services
            .AddOptions<StartUp>()
            .Validate<SettingsCheck>(
                (_, check) =>
                {
                    check.ThrowIfInvalid(Required);
                    return true;
                }
            )
            .ValidateOnStart();

        // A host creates its services before it validates, and those of the pipeline need valid settings.
        var pipeline = services.Last(s => s.ServiceType == typeof(EtlPipeline));
        services.Remove(pipeline);
        return services.AddSingleton(p =>
        {
            p.GetRequiredService<SettingsCheck>().ThrowIfInvalid(Required);
            return (EtlPipeline)pipeline.ImplementationFactory!(p);
        });
    }

    /// <summary>Without settings of its own: the host validates options at its start, and this validates all sections.</summary>
    private sealed class StartUp;
}
