using System.Reflection;
using Etl.Application.Errors;
using Microsoft.Extensions.Configuration;

namespace Etl.Infrastructure.Settings;

/// <summary>
/// Looks at every setting below section <c>Etl</c> before anything is done: names that nobody knows, values that cannot
/// be read, and values outside their bounds. All that is wrong is said at once, each with its mend.
/// </summary>
public sealed class SettingsCheck
{
    private const string Root = "Etl";
    private const int LongestName = 40;

    private readonly IConfiguration configuration;
    private readonly IReadOnlyList<SettingsSection> sections;

    internal SettingsCheck(IConfiguration configuration, IEnumerable<SettingsSection> sections)
    {
        this.configuration = configuration;
        this.sections = [.. sections];
    }

    /// <summary>Does nothing where all is well.</summary>
    /// <param name="required">Settings without a default, by their paths, that the host cannot do without.</param>
    /// <exception cref="EtlException">Something is wrong; the message has a line for each exception.</exception>
    public void ThrowIfFaulty(params string[] required)
    {
        var missing = required.Where(r => string.IsNullOrWhiteSpace(configuration[r]));
        List<string> faults = [.. missing.Select(m => $"{m} is not set."), .. Faults()];
        if (faults.Count > 0)
        {
            throw new EtlException(
                ErrorCode.Configuration,
                string.Join('\n', faults),
                "Correct the settings named above: command line, environment (ETL__SECTION__NAME) or appsettings.json."
            );
        }
    }

    /// <summary>A line for each exception, in the order of the sections.</summary>
    internal IEnumerable<string> Faults()
    {
        var etl = configuration.GetSection(Root);
        foreach (var unknown in etl.GetChildren().Where(c => Section(c.Key) is null))
        {
            yield return Unknown($"{Root}:{unknown.Key}", unknown.Key, sections.Select(s => s.Name), $"{Root}:");
        }

        foreach (var section in sections)
        {
            foreach (var exception in Faults(section, etl.GetSection(section.Name)))
            {
                yield return exception;
            }
        }
    }

    private IEnumerable<string> Faults(SettingsSection section, IConfigurationSection given)
    {
        var path = $"{Root}:{section.Name}";
        var properties = section.Options.GetProperties(BindingFlags.Public | BindingFlags.Instance);
        var unknown = new List<string>();
        var unreadable = new List<string>();
        foreach (var child in given.GetChildren().Where(c => Section($"{section.Name}:{c.Key}") is null))
        {
            if (properties.FirstOrDefault(p => Same(p.Name, child.Key)) is not { } property)
            {
                unknown.Add(Unknown($"{path}:{child.Key}", child.Key, properties.Select(p => p.Name), $"{path}:"));
            }
            else if (SettingValue.Fault($"{path}:{property.Name}", property.PropertyType, child) is { } exception)
            {
                unreadable.Add(exception);
            }
        }

        // Values that cannot even be read would stop the options from being filled.
        var judged =
            unreadable.Count > 0 ? [] : section.Validate(given).Select(f => $"{path}:{Plain(f.Property)} {f.Fault}");
        return [.. unknown, .. unreadable, .. judged];
    }

    private SettingsSection? Section(string key) => sections.FirstOrDefault(s => Same(s.Name, key));

    /// <summary>A name of letters only is shown; any other can be a part of a value that was written in its place.</summary>
    private static string Unknown(string path, string key, IEnumerable<string> known, string prefix)
    {
        var shown = key.Length <= LongestName && key.All(char.IsAsciiLetter) ? path : $"A name below {prefix[..^1]}";
        return Nearest.To(key, known) is { } nearest
            ? $"{shown} is no setting; did you mean {prefix}{nearest}?"
            : $"{shown} is no setting; there are {string.Join(", ", known.Select(k => prefix + k))}.";
    }

    private static string Plain(string property) =>
        property.IndexOf('[', StringComparison.Ordinal) is var at and >= 0 ? property[..at] : property;

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
