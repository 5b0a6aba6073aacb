using Etl.Application.Errors;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Etl.Hosts.Console.Hosting;

/// <summary>Settings that have no default and that some verbs cannot do without.</summary>
internal static class Required
{
    public static readonly (string Setting, string Option, string What) Source = (
        "Etl:Source:Uri",
        "--source",
        "where the files arrive"
    );

    public static readonly (string Setting, string Option, string What) Lake = (
        "Etl:Lake:Uri",
        "--lake",
        "where the exports go"
    );

    /// <exception cref="EtlException">Some are missing; all of them are named.</exception>
    public static void Settings(IHost host, params (string Setting, string Option, string What)[] settings)
    {
        var configuration = host.Services.GetRequiredService<IConfiguration>();
        var missing = settings.Where(s => string.IsNullOrWhiteSpace(configuration[s.Setting])).ToList();
        if (missing.Count > 0)
        {
            throw new EtlException(
                ErrorCode.Configuration,
                string.Join('\n', missing.Select(s => $"{s.Setting} is not set: {s.What}.")),
                $"Give {string.Join(" and ", missing.Select(s => $"{s.Option} DIR"))}, or set it in the environment or in appsettings.json."
            );
        }
    }
}
