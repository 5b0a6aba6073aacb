using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Etl.Application.Options;
using Etl.Domain.Runs;

namespace Etl.Hosts.Console.Cli;

/// <summary>Options that several verbs share.</summary>
internal static class CommonOptions
{
    // An offset is a must: which day it is on this machine must not matter.
    private static readonly string[] MomentFormats = ["yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:sszzz"];

    public static Option<bool> Json { get; } =
        new("--json") { Description = "Print one JSON document on stdout, on failure too." };

    public static Option<bool> Verbose { get; } =
        new("--verbose")
        {
            Description = "Write the log at debug level, with stack traces, to stderr.",
            Recursive = true,
        };

    public static Option<bool> Quiet { get; } =
        new("--quiet") { Description = "Show nothing but the result, and what went wrong.", Recursive = true };

    /// <summary>What <c>--Etl:SECTION:NAME=VALUE</c> is read as; see <see cref="EtlCli"/>.</summary>
    public static Option<string[]> Setting { get; } = new("--etl-setting") { Recursive = true, Hidden = true };

    public static Option<string> Source { get; } =
        new("--source")
        {
            Description = "Where the files arrive; {date} in it stands for the business date.",
            HelpName = "DIR or s3://bucket/prefix",
        };

    public static Option<string> Lake { get; } =
        new("--lake") { Description = "Where the exports go.", HelpName = "DIR or s3://bucket/prefix" };

    public static Option<string> Connection { get; } =
        new("--connection")
        {
            Description =
                "The PostgreSQL to use: Npgsql keywords, libpq key=value or a postgresql:// URI; "
                + "none means the private one.",
            HelpName = "STRING",
        };

    /// <summary>A day written yyyy-MM-dd.</summary>
    public static Option<DateOnly?> Day(string name, string description) =>
        new(name)
        {
            Description = description,
            HelpName = "yyyy-MM-dd",
            CustomParser = ParseDay,
        };

    /// <summary>A moment with its offset, ISO 8601.</summary>
    public static Option<DateTimeOffset?> Moment(string name, string description) =>
        new(name)
        {
            Description = description,
            HelpName = "yyyy-MM-ddTHH:mm:ssZ",
            CustomParser = ParseMoment,
        };

    /// <summary>A run's id.</summary>
    public static Option<RunId?> Run(string description) =>
        new("--run")
        {
            Description = description,
            HelpName = "ID",
            CustomParser = ParseRun,
        };

    private static RunId? ParseRun(ArgumentResult result)
    {
        if (RunId.TryParse(result.Tokens[0].Value, out var id))
        {
            return id;
        }

        result.AddError($"{SafeText.Moment(result.Tokens[0].Value)} is not a run ID; run IDs look like 20250630-001.");
        return null;
    }

    private static DateTimeOffset? ParseMoment(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (
            DateTimeOffset.TryParseExact(
                text,
                MomentFormats,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out var moment
            )
        )
        {
            return moment;
        }

        result.AddError(
            $"{SafeText.Moment(text)} is not a moment; write it yyyy-MM-ddTHH:mm:ssZ, as in 2025-06-30T06:00:00Z."
        );
        return null;
    }

    private static DateOnly? ParseDay(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, default, out var day))
        {
            return day;
        }

        result.AddError($"{SafeText.Moment(text)} is not a day; write it yyyy-MM-dd, as in 2025-06-30.");
        return null;
    }
}
