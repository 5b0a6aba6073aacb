using System.Collections;
using System.Reflection;
using System.Text;
using Etl.Application;
using Etl.Application.Options;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Hosting;
using Etl.Infrastructure;
using Etl.Infrastructure.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Etl.ArchitectureTests.Docs;

/// <summary>The written part of docs/configuration.md: every registered section, its settings, their defaults and docs.</summary>
internal sealed class ConfigurationPage
{
    private readonly XmlDocs docs = new("Etl.Application", "Etl.Infrastructure", "etl");
    private readonly StringBuilder text = new();
    private readonly List<string> errors = [];

    /// <summary>What the options' docs omit or state wrongly, one line per problem.</summary>
    public IReadOnlyList<string> Errors => errors;

    /// <summary>Every setting, as <c>Etl:Source:Uri</c>.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Sections()
            .SelectMany(s => Settings(s.Type).Where(p => !IsSection(p.PropertyType)).Select(p => $"{s.Path}:{p.Name}")),
    ];

    /// <summary>The settings that have a value for each name.</summary>
    public static IReadOnlyList<string> ByName { get; } =
    [
        .. Sections()
            .SelectMany(s => Settings(s.Type).Where(p => IsNamed(p.PropertyType)).Select(p => $"{s.Path}:{p.Name}")),
    ];

    public string Write()
    {
        // Sections of one options class, as those of Etl:Files, have the same settings: the first is documented.
        var sections = Sections().DistinctBy(s => s.Type).ToList();
        text.AppendLine(Wrap(string.Join(" · ", sections.Select(s => $"[{s.Path}](#{Anchor(s.Path)})"))));
        foreach (var (path, type, instance) in sections)
        {
            WriteSection(path, type, instance);
        }

        return text.ToString().ReplaceLineEndings("\n");
    }

    private static List<(string Path, Type Type, object Instance)> Sections()
    {
        var configuration = new ConfigurationBuilder().Build();
        var collection = new ServiceCollection().AddLogging().AddEtlApplication().AddEtlInfrastructure(configuration);
        EtlHost.AddSettings(collection, configuration);
        using var services = collection.BuildServiceProvider();
        return
        [
            .. services
                .GetServices<SettingsSection>()
                .SelectMany(s => WithNested($"Etl:{s.Name}", s.Options, Activator.CreateInstance(s.Options)!))
                .OrderBy(s => s.Path, new DefaultFirst()),
        ];
    }

    private static IEnumerable<(string Path, Type Type, object Instance)> WithNested(
        string path,
        Type type,
        object of
    ) =>
        Settings(type)
            .Where(p => IsSection(p.PropertyType))
            .SelectMany(p =>
                WithNested(
                    $"{path}:{p.Name}",
                    p.PropertyType,
                    p.GetValue(of) ?? Activator.CreateInstance(p.PropertyType)!
                )
            )
            .Prepend((path, type, of));

    private void WriteSection(string path, Type type, object instance)
    {
        var summary = docs.Of(type);
        if (!summary.Contains($"Section `{path}`", StringComparison.Ordinal))
        {
            errors.Add($"{type.Name}: its summary does not say 'Section <c>{path}</c>'.");
        }

        text.AppendLine()
            .AppendLine($"## {path}")
            .AppendLine()
            .AppendLine(Wrap(summary.Replace($" Section `{path}`.", "", StringComparison.Ordinal)))
            .AppendLine()
            .AppendLine("| setting | value | default | meaning |")
            .AppendLine("|---|---|---|---|");
        foreach (var property in Settings(type).Where(p => !IsSection(p.PropertyType)))
        {
            WriteSetting($"{path}:{property.Name}", property, instance);
        }

        WriteValues(type);
    }

    private void WriteSetting(string path, PropertyInfo property, object instance)
    {
        var docsOf = SettingText.Of(docs.Of(property), property.GetValue(instance));
        if (docsOf.Error is { } error)
        {
            errors.Add($"{path} {error}.");
        }

        var key =
            IsNamed(property.PropertyType) ? "__NAME"
            : ItemOf(property.PropertyType) is not null ? "__0"
            : "";
        var variable = path.Replace(":", "__", StringComparison.Ordinal).ToUpperInvariant() + key;
        var option = CliSettings.Shortcuts.FirstOrDefault(s => s.Setting == path).Option;
        var names = option is null ? $"`{path}`<br>`{variable}`" : $"`{path}`<br>`{option.Name}`<br>`{variable}`";
        text.AppendLine($"| {names} | {Cell(Kind(property))} | {Cell(docsOf.Default)} | {Cell(docsOf.Meaning)} |");
    }

    /// <summary>The meaning of each value of the enums that this section uses.</summary>
    private void WriteValues(Type type)
    {
        foreach (var group in Settings(type).GroupBy(p => p.PropertyType).Where(g => g.Key.IsEnum))
        {
            text.AppendLine().AppendLine($"{string.Join(", ", group.Select(p => $"`{p.Name}`"))}:").AppendLine();
            foreach (var value in Enum.GetNames(group.Key))
            {
                var meaning = docs.Of(group.Key, value);
                if (meaning.Length == 0)
                {
                    errors.Add($"{group.Key.Name}.{value} has no summary.");
                }

                text.AppendLine(Wrap($"- `{value}`: {meaning}", "  "));
            }
        }
    }

    private static PropertyInfo[] Settings(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance);

    private static bool IsSection(Type type) =>
        type.IsClass && type.Namespace!.StartsWith("Etl.", StringComparison.Ordinal);

    private static Type? ItemOf(Type type) =>
        type != typeof(string) && type.IsAssignableTo(typeof(IEnumerable)) ? type.GetGenericArguments()[^1] : null;

    private static bool IsNamed(Type type) => type.IsAssignableTo(typeof(IDictionary));

    private static string Kind(PropertyInfo property)
    {
        var type = property.PropertyType;
        var kind = ItemOf(type) is { } item
            ? $"{(IsNamed(type) ? "by name" : "list")}, each {SettingValue.Describe(item)}"
            : SettingValue.Describe(Nullable.GetUnderlyingType(type) ?? type);
        return property.GetCustomAttribute<BoundsAttribute>() is { } bounds ? $"{kind}, {bounds.Range}" : kind;
    }

    private static string Cell(string content) => content.Replace("|", "\\|", StringComparison.Ordinal);

    /// <summary>Breaks a paragraph into lines of at most 120 characters.</summary>
    private static string Wrap(string paragraph, string indent = "")
    {
        var lines = new List<string> { "" };
        foreach (var word in paragraph.Split(' '))
        {
            if (lines[^1].Length + word.Length >= 120)
            {
                lines.Add(indent);
            }

            lines[^1] += lines[^1].Trim().Length == 0 ? word : $" {word}";
        }

        return string.Join('\n', lines);
    }

    private static string Anchor(string heading) =>
        heading.Replace(":", "", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>The section for all files documents the settings of all sections of its class.</summary>
    private sealed class DefaultFirst : IComparer<string>
    {
        public int Compare(string? x, string? y) => string.CompareOrdinal(Key(x!), Key(y!));

        private static string Key(string path) =>
            path.Replace($":{ConfiguredDatasets.Default}", ":", StringComparison.Ordinal);
    }
}
