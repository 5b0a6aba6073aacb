using System.Reflection;
using Etl.Application.Errors;
using Microsoft.Extensions.Configuration;

namespace Etl.Infrastructure.Settings;

/// <summary>
/// Validates all settings below section <c>Etl</c> at startup: unknown names, values that cannot be read, and values out of
/// bounds. All errors are reported together.
/// </summary>
public sealed class SettingsCheck
{
    private const string Root = "Etl";
    private const int MaxNameLength = 40;

    private readonly IConfiguration configuration;
    private readonly IReadOnlyList<SettingsSection> sections;
    private readonly IReadOnlyList<SettingsRules> rules;

    internal SettingsCheck(
        IConfiguration configuration,
        IEnumerable<SettingsSection> sections,
        IEnumerable<SettingsRules> rules
    )
    {
        this.configuration = configuration;
        this.sections = [.. sections];
        this.rules = [.. rules];
    }

    /// <summary>Throws if a setting is invalid or a required one is missing.</summary>
    /// <param name="required">Paths of settings without a default that the host requires.</param>
    /// <exception cref="EtlException">The message has one line per error.</exception>
    public void ThrowIfInvalid(params string[] required)
    {
        var missing = required.Where(r => string.IsNullOrWhiteSpace(configuration[r]));
        List<string> errors = [.. missing.Select(m => $"{m} is not set."), .. Errors()];
        if (errors.Count > 0)
        {
            throw new EtlException(
                ErrorCode.Configuration,
                string.Join('\n', errors),
                "Correct the settings named above: command line, environment (ETL__SECTION__NAME) or appsettings.json."
            );
        }
    }

    /// <summary>One line per error, in the order of the sections.</summary>
    internal IEnumerable<string> Errors()
    {
        var etl = configuration.GetSection(Root);
        // A group has no settings of its own, only sections, such as Etl:Files.
        var groups = sections.Select(s => s.Name.Split(':')[0]).Where(g => Section(g) is null).Distinct().ToList();
        var roots = sections.Select(s => s.Name.Split(':')[0]).Distinct();
        foreach (var child in etl.GetChildren().Where(c => !roots.Contains(c.Key, StringComparer.OrdinalIgnoreCase)))
        {
            yield return Unknown(Root, child.Key, roots);
        }

        foreach (var group in groups)
        {
            var known = sections.Where(s => s.Name.StartsWith($"{group}:", StringComparison.Ordinal));
            var children = etl.GetSection(group).GetChildren();
            foreach (var child in children.Where(c => Section($"{group}:{c.Key}") is null))
            {
                yield return Unknown($"{Root}:{group}", child.Key, known.Select(s => s.Name[(group.Length + 1)..]));
            }
        }

        var isReadable = true;
        foreach (var section in sections)
        {
            foreach (var error in Errors(section, etl.GetSection(section.Name), ref isReadable))
            {
                yield return error;
            }
        }

        foreach (var (setting, error) in isReadable ? rules.SelectMany(r => r.Errors()) : [])
        {
            yield return $"{setting} {error}";
        }
    }

    private List<string> Errors(SettingsSection section, IConfigurationSection given, ref bool isReadable)
    {
        var path = $"{Root}:{section.Name}";
        var properties = section.Options.GetProperties(BindingFlags.Public | BindingFlags.Instance);
        var unknown = new List<string>();
        var unreadable = new List<string>();
        foreach (var child in given.GetChildren().Where(c => Section($"{section.Name}:{c.Key}") is null))
        {
            if (properties.FirstOrDefault(p => IsSame(p.Name, child.Key)) is not { } property)
            {
                unknown.Add(Unknown(path, child.Key, properties.Select(p => p.Name)));
            }
            else if (
                property.IsDefined(typeof(SecretAttribute))
                && SecretAttribute.ErrorOf($"{path}:{property.Name}", configuration) is { } exposed
            )
            {
                unknown.Add(exposed);
            }
            else if (SettingValue.ErrorOf($"{path}:{property.Name}", property.PropertyType, child) is { } error)
            {
                unreadable.Add(error);
            }
        }

        isReadable &= unreadable.Count == 0;

        // The options cannot be bound, and so not be validated, if a value cannot be read.
        var outOfBounds =
            unreadable.Count > 0
                ? []
                : section.Validate(given).Select(e => $"{path}:{WithoutIndex(e.Property)} {e.Error}");
        return [.. unknown, .. unreadable, .. outOfBounds];
    }

    private SettingsSection? Section(string key) => sections.FirstOrDefault(s => IsSame(s.Name, key));

    /// <summary>Shows a key that consists of letters only; any other key can be part of a value, such as a password.</summary>
    private static string Unknown(string parent, string key, IEnumerable<string> known)
    {
        var shown =
            key.Length <= MaxNameLength && key.All(char.IsAsciiLetter) ? $" {parent}:{key}" : $" below {parent}";
        return Nearest.To(key, known) is { } nearest
            ? $"Unknown setting{shown}; did you mean {parent}:{nearest}?"
            : $"Unknown setting{shown}; known settings: {string.Join(", ", known.Select(k => $"{parent}:{k}"))}.";
    }

    private static string WithoutIndex(string property) =>
        property.IndexOf('[', StringComparison.Ordinal) is var index and >= 0 ? property[..index] : property;

    private static bool IsSame(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
