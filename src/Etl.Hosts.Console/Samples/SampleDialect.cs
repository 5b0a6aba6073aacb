using Etl.Application;
using Etl.Application.Options;
using Etl.Domain;
using Etl.Domain.Datasets;
using Etl.Infrastructure.Settings;
using Microsoft.Extensions.Configuration;

namespace Etl.Hosts.Console.Samples;

/// <summary>A form in which people write such files, as the settings that read it. The files are written by them.</summary>
/// <param name="Name">The name.</param>
/// <param name="Settings">The settings by their paths.</param>
public sealed record SampleDialect(string Name, IReadOnlyDictionary<string, string> Settings)
{
    /// <summary>All dialects.</summary>
    public static IReadOnlyList<SampleDialect> All { get; } =
    [
        new(
            "german",
            new Dictionary<string, string>
            {
                ["Default:Encoding"] = "windows-1252",
                ["Default:Delimiter"] = ";",
                ["Default:DecimalSeparator"] = ",",
                ["Default:ThousandsSeparator"] = ".",
                ["Default:DateFormats:0"] = "dd.MM.yyyy",
                ["Orders:Columns:order_id"] = "Bestellnummer",
                ["Orders:Columns:customer_id"] = "Kundennummer",
                ["Orders:Columns:order_date"] = "Bestelldatum",
                ["Orders:Columns:product_id"] = "Artikelnummer",
                ["Orders:Columns:unit_price"] = "Stückpreis",
                ["Orders:Columns:quantity"] = "Menge",
                ["Orders:Columns:total_price"] = "Gesamtpreis",
                ["Reviews:Columns:review"] = "Bewertung",
                ["Reviews:Columns:product_id"] = "Artikelnummer",
                ["Shipments:Columns:shipment_id"] = "Sendungsnummer",
                ["Shipments:Columns:order_id"] = "Bestellnummer",
                ["Shipments:Columns:shipment_date"] = "Versanddatum",
                ["Shipments:Columns:delivery_date"] = "Zustelldatum",
            }
        ),
        new(
            "us",
            new Dictionary<string, string>
            {
                ["Default:Encoding"] = "utf-16",
                ["Default:ThousandsSeparator"] = ",",
                ["Default:DateFormats:0"] = "MM/dd/yyyy",
                ["Shipments:Columns:shipment_date"] = "Ship Date",
            }
        ),
        new(
            "pipe",
            new Dictionary<string, string>
            {
                ["Default:Delimiter"] = "|",
                ["Default:Escape"] = "\\",
                ["Default:DateFormats:0"] = "yyyyMMdd",
                ["Default:NullTokens:0"] = "NULL",
            }
        ),
    ];

    /// <summary>The file of products as the settings declare it.</summary>
    public Dataset Products => Configured().Apply(OptionalDatasets.BuiltIn).Products;

    /// <summary>The settings as lines of a shell, which sets environment variables by them.</summary>
    public string Environment =>
        string.Concat(Settings.Select(s => $"{SettingLine.Export($"Etl:Files:{s.Key}", s.Value)}\n"));

    /// <summary>The datasets as the settings declare them.</summary>
    /// <param name="datasets">The datasets; one whose format its own description states keeps it.</param>
    public DatasetCatalog Apply(DatasetCatalog datasets)
    {
        var configured = Configured().Apply(datasets);
        return new(datasets.All.Select(d => SampleWriter.IsStandard(d) ? configured.Named(d.Name) : d));
    }

    private ConfiguredDatasets Configured()
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(Settings!).Build();
        return new ConfiguredDatasets(
            section => settings.GetSection(section).Get<FileFormatOptions>() ?? new FileFormatOptions(),
            new IdOptions(),
            FormatFallback.None
        );
    }
}
