using System.CommandLine;
using Etl.Application;
using Etl.Application.Errors;
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
using Microsoft.Extensions.Options;

namespace Etl.Hosts.Console.Hosting;

/// <summary>Which PostgreSQL a verb uses where no connection is configured.</summary>
internal enum LocalDatabaseUse
{
    /// <summary>None: the verb needs no database.</summary>
    None,

    /// <summary>The local one, if it runs; for verbs that change nothing.</summary>
    IfRunning,

    /// <summary>The local one, which is started but not created; for verbs that read what runs left.</summary>
    IfCreated,

    /// <summary>The local one, which is created and started if necessary.</summary>
    Start,
}

/// <summary>Settings that a verb decides by itself.</summary>
/// <param name="Defaults">Settings below all others.</param>
/// <param name="Overrides">Settings above all others.</param>
internal sealed record VerbSettings(
    IReadOnlyDictionary<string, string?>? Defaults = null,
    IReadOnlyDictionary<string, string?>? Overrides = null
);

/// <summary>A setting without a default that a verb requires.</summary>
/// <param name="Name">The setting.</param>
/// <param name="Option">The option that gives it.</param>
/// <param name="Meaning">What it names.</param>
internal sealed record RequiredSetting(string Name, string Option, string Meaning)
{
    public static readonly RequiredSetting Source = new("Etl:Source:Uri", "--source", "where the files arrive");
    public static readonly RequiredSetting Lake = new("Etl:Lake:Uri", "--lake", "where the exports are written");

    /// <exception cref="EtlException">Some are not set; the message names all of them.</exception>
    public static void Check(IConfiguration settings, IEnumerable<RequiredSetting> required)
    {
        var missing = required.Where(s => string.IsNullOrWhiteSpace(settings[s.Name])).ToList();
        if (missing.Count > 0)
        {
            throw new EtlException(
                ErrorCode.Configuration,
                string.Join('\n', missing.Select(s => $"{s.Name} is not set. It names {s.Meaning}.")),
                $"Give {string.Join(" and ", missing.Select(s => $"{s.Option} DIR"))}, "
                    + "or set it in the environment or in appsettings.json."
            );
        }
    }
}

/// <summary>
/// Builds the host of one command: its settings, then their check, then the local PostgreSQL where it is used, then the
/// services. All settings are known before a service exists, and none changes afterwards.
/// </summary>
internal sealed class EtlHost
{
    private const string Connection = "Etl:Postgres:ConnectionString";

    private readonly HostApplicationBuilder builder;

    public EtlHost(ParseResult parsed, Terminal terminal, ProgressDisplay progress, VerbSettings settings)
    {
        builder = Host.CreateEmptyApplicationBuilder(
            new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory }
        );
        builder.Configuration.AddInMemoryCollection(settings.Defaults);
        CliSettings.Read(builder.Configuration, parsed);
        builder.Configuration.AddInMemoryCollection(settings.Overrides);
        var verbose = parsed.GetValue(CommonOptions.Verbose);
        builder.Logging.SetMinimumLevel(verbose ? LogLevel.Debug : LogLevel.Warning);
        builder.Logging.AddProvider(new LogLines(terminal, verbose));
        builder.Services.AddSingleton<IRunObserver>(progress);
        builder.Services.AddEtlApplication().AddEtlInfrastructure(builder.Configuration);
        AddSettings(builder.Services, builder.Configuration);
    }

    public IConfiguration Settings => builder.Configuration;

    /// <summary>Registers the settings of this host.</summary>
    public static void AddSettings(IServiceCollection services, IConfiguration configuration) =>
        services.AddSettings<LocalPostgresOptions>(configuration.GetSection("Etl"), "LocalPostgres");

    /// <summary>Checks all settings.</summary>
    /// <returns>The settings of the local PostgreSQL.</returns>
    /// <exception cref="EtlException">Some are invalid; the message has one line per setting.</exception>
    public LocalPostgresOptions CheckSettings()
    {
        // A provider of its own: the services of the verb are built after the connection is known.
        using var services = builder.Services.BuildServiceProvider();
        services.GetRequiredService<SettingsCheck>().ThrowIfInvalid();
        return services.GetRequiredService<IOptions<LocalPostgresOptions>>().Value;
    }

    /// <summary>Uses the local PostgreSQL where no connection is configured.</summary>
    /// <exception cref="EtlException">It could not be started, or is not created.</exception>
    public async Task UseLocalDatabaseAsync(
        LocalDatabaseUse use,
        LocalPostgresOptions options,
        ProgressDisplay progress,
        CancellationToken cancellationToken
    )
    {
        if (use == LocalDatabaseUse.None || !string.IsNullOrWhiteSpace(builder.Configuration[Connection]))
        {
            return;
        }

        if (use == LocalDatabaseUse.IfCreated && LocalDatabase.Status(options).MajorVersion is null)
        {
            throw new EtlException(
                ErrorCode.DatabaseUnreachable,
                "There is no run yet: no connection string is set, and the local PostgreSQL is not created.",
                "Start a run with `etl run`, or with `etl demo` for sample data; or name a database with --connection."
            );
        }

        var connection =
            use == LocalDatabaseUse.IfRunning
                ? LocalDatabase.Find(options)
                : await StartAsync(options, progress, cancellationToken);
        builder.Configuration.AddInMemoryCollection([new(Connection, connection)]);
    }

    /// <summary>Starts the local PostgreSQL, and shows it where that takes time.</summary>
    public static Task<string> StartAsync(
        LocalPostgresOptions options,
        ProgressDisplay progress,
        CancellationToken cancellationToken
    )
    {
        Task<string> Start() => LocalDatabase.StartAsync(options, progress, cancellationToken);
        return LocalDatabase.Status(options) is { Running: true }
            ? Start()
            : progress.ShowAsync("database", Start, _ => $"local PostgreSQL in {LocalDatabase.Status(options).Folder}");
    }

    public IHost Build()
    {
        var host = builder.Build();
        host.Services.StartTelemetry();
        return host;
    }
}
