using System.CommandLine;
using Etl.Application;
using Etl.Application.Runs;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.LocalPostgres;
using Etl.Hosts.Console.Output;
using Etl.Infrastructure;
using Etl.Infrastructure.Settings;
using Etl.Infrastructure.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Etl.Hosts.Console.Hosting;

/// <summary>The layers put together for one command, with its settings, checked.</summary>
internal static class EtlHost
{
    /// <param name="parsed">The command line, which comes before every other setting.</param>
    /// <param name="terminal">Where progress and log go.</param>
    /// <param name="defaults">Settings that come after every other; may be null.</param>
    /// <exception cref="Application.Errors.EtlException">A setting is wrong.</exception>
    public static IHost Build(
        ParseResult parsed,
        Terminal terminal,
        IReadOnlyDictionary<string, string?>? defaults = null
    )
    {
        var host = BuildUnchecked(parsed, terminal, defaults);
        host.Services.GetRequiredService<SettingsCheck>().ThrowIfFaulty();
        host.Services.StartTelemetry();
        return host;
    }

    /// <summary>The same, for who looks at the settings themselves.</summary>
    public static IHost BuildUnchecked(
        ParseResult parsed,
        Terminal terminal,
        IReadOnlyDictionary<string, string?>? defaults = null
    )
    {
        var builder = Host.CreateEmptyApplicationBuilder(
            new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory }
        );
        builder.Configuration.AddInMemoryCollection(defaults);
        CliSettings.Read(builder.Configuration, parsed);
        var verbose = parsed.GetValue(CommonOptions.Verbose);
        builder.Logging.SetMinimumLevel(verbose ? LogLevel.Debug : LogLevel.Warning);
        builder.Logging.AddProvider(new LogLines(terminal, verbose));
        // Lines of a log and a drawing do not go together.
        if (terminal is { ErrorIsTerminal: true, Quiet: false } && !verbose)
        {
            builder.Services.AddSingleton<IRunObserver, LiveProgress>();
        }
        else
        {
            builder.Services.AddSingleton<IRunObserver, PlainProgress>();
        }

        builder.Services.AddSingleton(terminal);
        builder.Services.AddEtlApplication().AddEtlInfrastructure(builder.Configuration);
        builder.Services.AddSettings<LocalPostgresOptions, LocalPostgresOptionsValidator>(
            builder.Configuration.GetSection("Etl"),
            "LocalPostgres"
        );
        return builder.Build();
    }

    /// <summary>To be called once the work is done, before anything is printed of it.</summary>
    public static void EndProgress(this IHost host) =>
        (host.Services.GetRequiredService<IRunObserver>() as IProgressEnd)?.End();
}
