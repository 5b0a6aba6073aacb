using System.Reflection;
using System.Text.Json;
using Etl.Application;
using Etl.Application.Options;
using Etl.Domain;
using Etl.Domain.Datasets;
using Etl.Infrastructure.Settings;
using Microsoft.Extensions.Configuration;

namespace Etl.Infrastructure.Extensions;

/// <summary>
/// Reads the object <c>format</c> of a dataset's file: settings of section <c>Etl:Files</c>, with the same names, values and
/// checks.
/// </summary>
internal static class FormatFile
{
    private static readonly string[] Others =
    [
        nameof(FileFormatOptions.Names),
        nameof(FileFormatOptions.Columns),
        nameof(FileFormatOptions.Key),
        nameof(FileFormatOptions.AllowNegative),
        nameof(FileFormatOptions.Required),
    ];

    /// <summary>The settings, by their names in JSON, such as <c>dateFormats</c>.</summary>
    public static IReadOnlyDictionary<string, PropertyInfo> Known { get; } =
        typeof(FileFormatOptions)
            .GetProperties()
            .Where(p => !Others.Contains(p.Name))
            .ToDictionary(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name));

    /// <param name="format">The object.</param>
    /// <param name="dataset">The dataset, without a format.</param>
    /// <param name="fail">Takes an error with its place.</param>
    public static FileFormatOptions Read(JsonItem format, Dataset dataset, Action<JsonItem, string> fail)
    {
        var settings = new Dictionary<string, string?>();
        foreach (var (name, value) in format.Members)
        {
            if (!Known.TryGetValue(name.Text, out var property))
            {
                fail(
                    name,
                    $"{SafeText.Value(name.Text)} is not known for a format; known are {string.Join(", ", Known.Keys)}"
                );
                continue;
            }

            var given = Flat(property.Name, value);
            if (ErrorOf(name.Text, property, given) is { } error)
            {
                fail(value, error.TrimEnd('.'));
            }
            else
            {
                given.ToList().ForEach(g => settings[g.Key] = g.Value);
            }
        }

        if (format.Kind != JsonValueKind.Object)
        {
            fail(format, "'format' is an object, { … }");
        }

        var options = Bind(settings).Get<FileFormatOptions>() ?? new FileFormatOptions();
        foreach (var (setting, error) in Errors(options, dataset))
        {
            var name = JsonNamingPolicy.CamelCase.ConvertName(setting.Split(':')[^1]);
            fail(format.Find(name) ?? format, $"'{name}' {error.TrimEnd('.')}");
        }

        return options;
    }

    private static IEnumerable<(string Setting, string Error)> Errors(FileFormatOptions options, Dataset dataset)
    {
        var section = FileFormatOptions.SectionOf(dataset.Name);
        var configured = new ConfiguredDatasets(
            s => s == section ? options : new FileFormatOptions(),
            new IdOptions(),
            FormatFallback.None
        );
        return new OptionsValidator<FileFormatOptions>()
            .Validate(options)
            .Errors.Select(e => (e.PropertyName, e.ErrorMessage))
            .Concat(configured.Errors(new DatasetCatalog(dataset)));
    }

    private static string? ErrorOf(string name, PropertyInfo property, Dictionary<string, string?> given) =>
        SettingValue.ErrorOf(name, property.PropertyType, Bind(given).GetSection(property.Name));

    /// <summary>A single value, or a list with an entry for each item.</summary>
    private static Dictionary<string, string?> Flat(string name, JsonItem value) =>
        value.Kind == JsonValueKind.Array
            ? value.Items.Index().ToDictionary(i => $"{name}:{i.Index}", i => (string?)i.Item.Text)
            : new Dictionary<string, string?> { [name] = value.Text };

    private static IConfigurationRoot Bind(Dictionary<string, string?> settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
}
