using Etl.Application;
using Etl.Application.Options;
using Etl.Domain;
using Etl.Infrastructure.Aws;
using Etl.Infrastructure.Export;
using Etl.Infrastructure.Extensions;
using Etl.Infrastructure.Extract;
using Etl.Infrastructure.Ledger;
using Etl.Infrastructure.Models;
using Etl.Infrastructure.Notify;
using Etl.Infrastructure.Postgres;
using Etl.Infrastructure.Publish;
using Etl.Infrastructure.Report;
using Etl.Infrastructure.Settings;
using Etl.Infrastructure.Stage;
using Etl.Infrastructure.Telemetry;
using Etl.Infrastructure.Transform;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Etl.Infrastructure;

/// <summary>Registers the infrastructure layer.</summary>
public static class InfrastructureServices
{
    /// <summary>
    /// Registers an adapter for every port, with options from the section <c>Etl</c>, and reads the extensions that
    /// <c>Etl:Extensions:Directory</c> names.
    /// </summary>
    /// <exception cref="Application.Errors.EtlException">An extension is wrong, or cannot be read.</exception>
    public static IServiceCollection AddEtlInfrastructure(
        this IServiceCollection services,
        IConfiguration configuration
    )
    {
        var etl = configuration.GetSection("Etl");
        var extensions = LoadedExtensions.Load(
            etl,
            Take(services, DatasetCatalog.BuiltIn),
            Take(services, MartFiles.BuiltIn)
        );
        return services
            .AddApplicationSettings(configuration, etl, extensions)
            .AddTelemetry(configuration, etl)
            .AddPostgres(etl, RdsToken.CreateAsync)
            .AddAws(etl)
            .AddLedger()
            .AddExtract(etl)
            .AddStaging(etl)
            .AddTransform(extensions.Marts)
            .AddModels()
            .AddExtensions(etl, extensions)
            .AddPublish()
            .AddExport(etl)
            .AddReport()
            .AddNotify(etl);
    }

    private static IServiceCollection AddApplicationSettings(
        this IServiceCollection services,
        IConfiguration configuration,
        IConfiguration etl,
        LoadedExtensions extensions
    ) =>
        services
            .AddSettings<DeliveryOptions>(etl, "Delivery")
            .AddSettings<QualityOptions>(etl, "Quality")
            .AddSettings<ScheduleOptions>(etl, "Schedule")
            .AddSettings<CalendarOptions>(etl, "Calendar")
            .AddSettings<AnalyticsOptions>(etl, "Analytics")
            .AddSettings<RunOptions>(etl, "Run")
            .AddSettings<CostOptions>(etl, "Cost")
            .AddDatasets(etl, extensions)
            .AddSingleton(p => new SettingsCheck(
                configuration,
                p.GetServices<SettingsSection>(),
                p.GetServices<SettingsRules>()
            ));

    /// <summary>The catalog that the host registered, or the built-in one; the one with extensions takes its place.</summary>
    private static T Take<T>(IServiceCollection services, T builtIn)
        where T : class
    {
        services.TryAddSingleton(builtIn);
        var catalog = services.Last(s => s.ServiceType == typeof(T));
        services.Remove(catalog);
        return (T)catalog.ImplementationInstance!;
    }

    /// <summary>Applies the settings to the datasets.</summary>
    private static IServiceCollection AddDatasets(
        this IServiceCollection services,
        IConfiguration etl,
        LoadedExtensions extensions
    )
    {
        var described = extensions.Datasets;
        foreach (
            var section in described
                .All.Select(d => FileFormatOptions.SectionOf(d.Name))
                .Concat(ConfiguredDatasets.OtherSections)
        )
        {
            services.AddNamedSettings<FileFormatOptions>(etl, $"Files:{section}");
        }

        return services
            .AddSettings<IdOptions>(etl, "Ids")
            .AddSingleton(p => new ConfiguredDatasets(
                section =>
                    Read(p.GetRequiredService<IOptionsMonitor<FileFormatOptions>>(), $"Files:{section}")
                        .Over(extensions.FormatOf(section)),
                p.GetRequiredService<IOptions<IdOptions>>().Value,
                new FormatFallback(
                    p.GetRequiredService<IOptions<QualityOptions>>().Value.NullTokens,
                    etl["Schedule:TimeZone"]
                )
            ))
            .AddSingleton(p => new SettingsRules(() => p.GetRequiredService<ConfiguredDatasets>().Errors(described)))
            .AddSingleton(p => p.GetRequiredService<ConfiguredDatasets>().Apply(described))
            .AddSingleton(p => p.GetRequiredService<ConfiguredDatasets>().Apply(OptionalDatasets.BuiltIn));
    }

    /// <summary>The validators of other sections need the catalog while an unreadable value is still to be reported.</summary>
    private static FileFormatOptions Read(IOptionsMonitor<FileFormatOptions> options, string name)
    {
        try
        {
            return options.Get(name);
        }
        catch (InvalidOperationException)
        {
            return new FileFormatOptions();
        }
    }

    private static IServiceCollection AddAws(this IServiceCollection services, IConfiguration etl) =>
        services.AddSettings<S3Options>(etl, "S3").AddSingleton<S3Access>();
}
