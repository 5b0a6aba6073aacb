using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using System.Globalization;
using Etl.Application;
using Etl.Application.Options;
using Etl.Domain;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Hosting;
using Etl.Hosts.Console.Output;
using Etl.Hosts.Console.Samples;
using Etl.Infrastructure.Extensions;
using Etl.Infrastructure.Transform;
using Microsoft.Extensions.Configuration;

namespace Etl.Hosts.Console.Verbs;

/// <summary><c>etl sample</c>: test data, with the same bytes for the same options.</summary>
internal sealed class SampleVerb(Terminal terminal)
    : ResultVerb(
        terminal,
        "sample",
        "Creates test data: orders, reviews, shipments and products of an invented shop.",
        [Scale, Folder, Seed, Dirty, Date, Ids, Dialect],
        "etl sample --scale S --out ./sample",
        "etl sample --scale L --out ./large --seed 7 --dirty 0.5",
        "etl sample --dialect german --out ./german"
    )
{
    private static readonly Option<long> Scale = new("--scale")
    {
        Description = "S (10,000 orders), M (1,000,000), L (5,000,000), or a number of orders.",
        HelpName = "S, M, L or N",
        DefaultValueFactory = _ => SampleOptions.Small,
        CustomParser = ParseScale,
    };

    private static readonly Option<string> Folder = new Option<string>("--out")
    {
        Description = "The folder to write to. It is created if it does not exist.",
        HelpName = "DIR",
    }.Required();

    private static readonly Option<long> Seed = new("--seed")
    {
        Description = "The seed. Another seed gives other rows.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<decimal> Dirty = new("--dirty")
    {
        Description = "The percentage of rows that a load must reject; planted.csv lists them and their codes.",
        HelpName = "PCT",
        CustomParser = ParsePercent,
    };

    private static readonly Option<DateOnly?> Date = CommonOptions.Date(
        "--date",
        $"The date of the snapshot. Default: {SampleOptions.DefaultLastDay:yyyy-MM-dd}."
    );

    private static readonly Option<SampleDialect?> Dialect = new("--dialect")
    {
        Description = "Write the files in another format, and settings.env, which sets the settings that read them.",
        HelpName = DialectNames,
        CompletionSources = { _ => SampleDialect.All.Select(d => new CompletionItem(d.Name)) },
        CustomParser = ParseDialect,
    };

    private static string DialectNames => string.Join(", ", SampleDialect.All.Select(d => d.Name));

    private static readonly Option<IdKind> Ids = new Option<IdKind>("--ids")
    {
        Description = "Ids as numbers, or as text, with settings.env, which sets the settings that read them.",
        HelpName = "number|text",
        CustomParser = ParseIds,
    };

    /// <summary>Creates the files and shows that.</summary>
    public static Task<IReadOnlyList<SampleFileResult>> WriteAsync(
        SampleOptions options,
        DatasetCatalog datasets,
        ProgressDisplay progress,
        CancellationToken cancellationToken
    ) =>
        progress.ShowAsync(
            "sample",
            () => Task.Run(() => SampleWriter.Write(options, datasets, cancellationToken), cancellationToken),
            files => $"{Tables.Count(files.Sum(f => f.Rows), "row")} in {options.Folder}"
        );

    protected override async Task<VerbResult> RunAsync(
        ParseResult parsed,
        ProgressDisplay progress,
        CancellationToken cancellationToken
    )
    {
        var folder = Path.GetFullPath(parsed.GetRequiredValue(Folder));
        var options = new SampleOptions(
            folder,
            parsed.GetValue(Scale),
            parsed.GetValue(Seed),
            parsed.GetValue(Dirty),
            parsed.GetValue(Date)
        )
        {
            Dialect = parsed.GetValue(Dialect),
        };
        var kind = parsed.GetValue(Ids);
        var ids = new IdOptions
        {
            Order = kind,
            Product = kind,
            Customer = kind,
            Shipment = kind,
        };
        var datasets = DatasetsOf(parsed, ids);
        var files = await WriteAsync(options, datasets, progress, cancellationToken);
        var documents = files.Select(f => new SampleFileDocument(f.Path, f.Rows, f.Bytes, f.Dirty));
        return VerbResult.Of(
            new SampleDocument(folder, [.. documents]),
            terminal =>
                Tables.Write(
                    terminal,
                    ["file", "#rows", "#bytes", "#dirty"],
                    files.Select(f =>
                        (string[])
                            [Place.Name(terminal, f.Path), .. new[] { f.Rows, f.Bytes, f.Dirty }.Select(Tables.Count)]
                    )
                )
        );
    }

    /// <summary>The built-in datasets, and those that <c>Etl:Extensions:Directory</c> declares.</summary>
    private static DatasetCatalog DatasetsOf(ParseResult parsed, IdOptions ids)
    {
        var settings = new ConfigurationManager();
        CliSettings.Read(settings, parsed);
        var extensions = LoadedExtensions.Load(settings.GetSection("Etl"), DatasetCatalog.BuiltIn, MartFiles.BuiltIn);
        return new ConfiguredDatasets(
            section => extensions.FormatOf(section) ?? new FileFormatOptions(),
            ids,
            FormatFallback.None
        ).Apply(extensions.Datasets);
    }

    private static SampleDialect? ParseDialect(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        var dialect = SampleDialect.All.FirstOrDefault(d => d.Name == text);
        if (dialect is null)
        {
            result.AddError($"{SafeText.TimeOrId(text)} is not a dialect. Give one of {DialectNames}.");
        }
        else if (result.GetResult(Dirty) is { Implicit: false })
        {
            result.AddError("Give --dirty or --dialect, not both: invalid rows are written in the standard format.");
        }

        return dialect;
    }

    private static IdKind ParseIds(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        switch (text)
        {
            case "number":
                return IdKind.Number;
            case "text":
                return IdKind.Text;
        }

        result.AddError($"{SafeText.TimeOrId(text)} is not a kind of ids. Give number or text.");
        return default;
    }

    private static long ParseScale(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        switch (text)
        {
            case "S" or "s":
                return SampleOptions.Small;
            case "M" or "m":
                return SampleOptions.Medium;
            case "L" or "l":
                return SampleOptions.Large;
        }

        if (
            long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var orders)
            && orders is > 0 and <= SampleOptions.MaxOrders
        )
        {
            return orders;
        }

        result.AddError(
            $"{SafeText.TimeOrId(text)} is not a scale. Give S, M, L or a number of orders from 1 to {Tables.Count(SampleOptions.MaxOrders)}."
        );
        return 0;
    }

    private static decimal ParsePercent(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        var read = decimal.TryParse(
            text,
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var percent
        );
        if (!read || percent is < 0 or > 100)
        {
            result.AddError($"{SafeText.TimeOrId(text)} is not a percentage. Give a number from 0 to 100.");
        }

        return percent;
    }
}
