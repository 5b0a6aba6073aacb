using Microsoft.Extensions.Configuration;

namespace Etl.Infrastructure.Settings;

/// <summary>Marks a setting that is accepted from the environment or a secret store only, and never shown.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecretAttribute : Attribute
{
    /// <summary>Other users of the machine can read command lines, and files are copied and committed.</summary>
    public static string? ErrorOf(string path, IConfiguration configuration) =>
        configuration is IConfigurationRoot root
        && root.Providers.Any(p => IsExposed(p) && p.TryGet(path, out var value) && !string.IsNullOrEmpty(value))
            ? $"{path} is a secret and was given on the command line or in a file; set it in the environment, "
                + $"{path.Replace(":", "__", StringComparison.Ordinal).ToUpperInvariant()}."
            : null;

    /// <summary>By name, because this layer does not reference the packages of the providers.</summary>
    private static bool IsExposed(IConfigurationProvider provider) =>
        provider.GetType().Name
            is "CommandLineConfigurationProvider"
                or "JsonConfigurationProvider"
                or "JsonStreamConfigurationProvider";
}
