using Etl.Hosts.Lambda.Logs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Etl.Hosts.Lambda;

/// <summary>What both functions have: the sources of the settings, and the log.</summary>
internal static class HostConfiguration
{
    /// <summary>From the command line, then the environment, then <c>appsettings.json</c>.</summary>
    public static IConfigurationBuilder AddSources(this IConfigurationBuilder configuration, string[] args) =>
        configuration.AddJsonFile("appsettings.json", optional: true).AddEnvironmentVariables().AddCommandLine(args);

    /// <summary>Writes the log to the output, as Lambda asks for it.</summary>
    public static void AddFunctionLog(this ILoggingBuilder logging)
    {
        var settings = LogSettings.Of(
            Environment.GetEnvironmentVariable("AWS_LAMBDA_LOG_FORMAT"),
            Environment.GetEnvironmentVariable("AWS_LAMBDA_LOG_LEVEL")
        );
        logging.SetMinimumLevel(settings.Level);
        logging.Services.AddSingleton(p => new FunctionLog(
            // The package of AWS replaces Console.Out with a writer that formats each line.
            new StreamWriter(Console.OpenStandardOutput()),
            p.GetRequiredService<TimeProvider>(),
            settings
        ));
        logging.Services.AddSingleton<ILoggerProvider>(p => p.GetRequiredService<FunctionLog>());
    }
}
