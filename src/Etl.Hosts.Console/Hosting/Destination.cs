using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.LocalPostgres;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Etl.Hosts.Console.Hosting;

/// <summary>The PostgreSQL that a command works on: the configured one, else the private one, started if need be.</summary>
internal static class Destination
{
    private const string Setting = "Etl:Postgres:ConnectionString";

    /// <summary>To be called before anything asks for the database: the pool is made once, of what is set here.</summary>
    /// <exception cref="Application.Errors.EtlException">None is configured and the private one cannot be had.</exception>
    public static async Task EnsureAsync(IHost host, Terminal terminal, CancellationToken cancellationToken)
    {
        var configuration = host.Services.GetRequiredService<IConfiguration>();
        if (string.IsNullOrWhiteSpace(configuration[Setting]))
        {
            configuration[Setting] = await LocalDatabase.StartAsync(
                Private(host),
                new Lines(terminal),
                cancellationToken
            );
        }
    }

    /// <summary>The same for a command that changes nothing: the private one is used only where it runs already.</summary>
    public static void UseRunning(IHost host)
    {
        var configuration = host.Services.GetRequiredService<IConfiguration>();
        if (string.IsNullOrWhiteSpace(configuration[Setting]))
        {
            configuration[Setting] = LocalDatabase.Find(Private(host));
        }
    }

    public static LocalPostgresOptions Private(IHost host) =>
        host.Services.GetRequiredService<IOptions<LocalPostgresOptions>>().Value;

    /// <summary>What takes seconds at the first start, as it happens.</summary>
    internal sealed class Lines(Terminal terminal) : IProgress<string>
    {
        public void Report(string value) => terminal.Note(value);
    }
}
