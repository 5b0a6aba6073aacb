using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Etl.Application.Options;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Output;
using Etl.Hosts.Console.Samples;

namespace Etl.Hosts.Console.Verbs;

/// <summary><c>etl sample</c>: test data, the same bytes for the same options.</summary>
internal static class SampleVerb
{
    private static readonly Option<long> Scale = new("--scale")
    {
        Description = "S (10,000 orders), M (1,000,000), L (5,000,000), or a number of orders.",
        HelpName = "S, M, L or N",
        DefaultValueFactory = _ => SampleOptions.Small,
        CustomParser = ParseScale,
    };

    private static readonly Option<string> Folder = new("--out")
    {
        Description = "The folder to write to; made where it is missing.",
        HelpName = "DIR",
        Required = true,
    };

    private static readonly Option<long> Seed = new("--seed")
    {
        Description = "Another seed gives other rows.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<decimal> Dirty = new("--dirty")
    {
        Description = "Percent of rows that a load must reject; planted.csv then says which and why.",
        HelpName = "PCT",
        CustomParser = ParsePercent,
    };

    private static readonly Option<DateOnly?> Date = CommonOptions.Day(
        "--date",
        $"The day of the snapshot, {SampleOptions.DefaultLastDay:yyyy-MM-dd} unless given."
    );

    public static Command Create(Terminal terminal)
    {
        var verb = new Verb(
            "sample",
            "Makes test data: orders, reviews, shipments and products of an invented shop.",
            "etl sample --scale S --out ./sample",
            "etl sample --scale L --out ./large --seed 7 --dirty 0.5"
        )
        {
            Scale,
            Folder,
            Seed,
            Dirty,
            Date,
            CommonOptions.Json,
        };
        verb.SetAction((parsed, token) => Task.FromResult(Run(parsed, terminal, token)));
        return verb;
    }

    private static int Run(ParseResult parsed, Terminal terminal, CancellationToken cancellationToken)
    {
        var folder = Path.GetFullPath(parsed.GetRequiredValue(Folder));
        var options = new SampleOptions(
            folder,
            parsed.GetValue(Scale),
            parsed.GetValue(Seed),
            parsed.GetValue(Dirty),
            parsed.GetValue(Date)
        );
        var files = SampleWriter.Write(options, cancellationToken);
        if (parsed.GetValue(CommonOptions.Json))
        {
            var documents = files.Select(f => new SampleFileDocument(f.Path, f.Rows, f.Bytes, f.Dirty));
            var document = new SampleDocument("succeeded", 0, folder, [.. documents], Error: null);
            JsonOutput.Write(terminal, document, OutputJson.Default.SampleDocument);
            return 0;
        }

        Tables.Write(
            terminal,
            ["file", "#rows", "#bytes", "#dirty"],
            [.. files.Select(f => (string[])[f.Path, .. new[] { f.Rows, f.Bytes, f.Dirty }.Select(Tables.Count)])]
        );
        return 0;
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
            $"{SafeText.Moment(text)} is not a scale; give S, M, L or a number of orders up to {SampleOptions.MaxOrders}."
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
            result.AddError($"{SafeText.Moment(text)} is not a percentage; give a number from 0 to 100.");
        }

        return percent;
    }
}
