using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Etl.Application.Options;
using Etl.Domain.Runs;

namespace Etl.Hosts.Console.Cli;

/// <summary>Options that several verbs share.</summary>
internal static class CommonOptions
{
    // The offset is required: the result must not depend on the time zone of this machine.
    private static readonly string[] TimestampFormats = ["yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:sszzz"];

    private delegate bool TryParse<T>(string text, out T value);

    public static Option<bool> Json { get; } =
        new("--json") { Description = "Print one JSON document on stdout, also on failure." };

    public static Option<bool> Verbose { get; } =
        new("--verbose")
        {
            Description = "Write the log at debug level, with stack traces, to stderr.",
            Recursive = true,
        };

    public static Option<bool> Quiet { get; } =
        new("--quiet") { Description = "Print only the result and errors.", Recursive = true };

    /// <summary>What <c>--Etl:SECTION:NAME=VALUE</c> is parsed as.</summary>
    public static Option<string[]> Setting { get; } = new("--etl-setting") { Recursive = true, Hidden = true };

    public static Option<string> Source { get; } =
        new("--source")
        {
            Description = "Where the files arrive. {date} stands for the business date.",
            HelpName = "DIR or s3://bucket/prefix",
        };

    public static Option<string> Lake { get; } =
        new("--lake") { Description = "Where the exports are written.", HelpName = "DIR or s3://bucket/prefix" };

    public static Option<string> WaitUntil { get; } =
        new("--wait-until")
        {
            Description = "Wait until this time of today, in Etl:Schedule:TimeZone, for a complete delivery.",
            HelpName = "HH:mm",
        };

    public static Option<string> Connection { get; } =
        new("--connection")
        {
            Description =
                "The PostgreSQL to use: Npgsql keywords, libpq key=value pairs or a postgresql:// URI. "
                + "Default: the local PostgreSQL.",
            HelpName = "STRING",
        };

    /// <summary>A date written yyyy-MM-dd.</summary>
    public static Option<DateOnly?> Date(string name, string description) =>
        Parsed<DateOnly>(
            name,
            description,
            "yyyy-MM-dd",
            (string text, out DateOnly date) =>
                DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, default, out date),
            "is not a date. Write it as yyyy-MM-dd, for example 2025-06-30."
        );

    /// <summary>The business date of a verb that reads the source without a run.</summary>
    public static Option<DateOnly?> SourceDate { get; } =
        Date("--date", "The business date, for a source that contains {date}. Default: today.");

    /// <summary>An ISO 8601 timestamp with an offset.</summary>
    public static Option<DateTimeOffset?> Timestamp(string name, string description) =>
        Parsed<DateTimeOffset>(
            name,
            description,
            "yyyy-MM-ddTHH:mm:ssZ",
            (string text, out DateTimeOffset timestamp) =>
                DateTimeOffset.TryParseExact(
                    text,
                    TimestampFormats,
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal,
                    out timestamp
                ),
            "is not a timestamp. Write it as yyyy-MM-ddTHH:mm:ssZ, for example 2025-06-30T06:00:00Z."
        );

    /// <summary>A run ID.</summary>
    public static Option<RunId?> Run(string description, string name = "--run") =>
        Parsed<RunId>(name, description, "ID", RunId.TryParse, "is not a run ID. Run IDs look like 20250630-001.");

    /// <summary>The location of an object whose name is a run ID.</summary>
    public static Option<RunId?> RunOfObject(string name, string description) =>
        Parsed<RunId>(
            name,
            description,
            "URI",
            (string text, out RunId run) => RunId.TryParse(text[(text.LastIndexOf('/') + 1)..], out run),
            "is not the location of an object whose name is a run ID, such as s3://lake/loaders/20250630-001."
        );

    /// <summary>A maximum number of rows that a verb lists; 0 for all.</summary>
    public static Option<int?> MaxCount(string name, string description, int byDefault)
    {
        var option = Parsed<int>(
            name,
            $"{description}; 0 for all.",
            "N",
            (string text, out int count) =>
                int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count),
            "is not a number of rows. Give a whole number, or 0 for all."
        );
        option.DefaultValueFactory = _ => byDefault;
        return option;
    }

    /// <summary>The same option, required.</summary>
    public static Option<T> Required<T>(this Option<T> option)
    {
        option.Required = true;
        return option;
    }

    private static Option<T?> Parsed<T>(
        string name,
        string description,
        string helpName,
        TryParse<T> tryParse,
        string error
    )
        where T : struct =>
        new(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (tryParse(text, out var value))
                {
                    return value;
                }

                var shown = SafeText.TimeOrId(text);
                result.AddError($"{(shown.StartsWith('\'') ? shown : $"The value of {name}")} {error}");
                return null;
            },
        };
}
