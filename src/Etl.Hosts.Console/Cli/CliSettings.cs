using System.CommandLine;
using System.Text.Json;
using System.Text.RegularExpressions;
using Etl.Application.Errors;
using Microsoft.Extensions.Configuration;

namespace Etl.Hosts.Console.Cli;

/// <summary>
/// Section <c>Etl</c> of one invocation, by precedence: the command line, the environment, appsettings.json of the working
/// folder, appsettings.json beside the program.
/// </summary>
internal static partial class CliSettings
{
    private const string FileName = "appsettings.json";

    /// <summary>Settings with an option of their own.</summary>
    public static readonly IReadOnlyList<(string Setting, Option<string> Option)> Shortcuts =
    [
        ("Etl:Source:Uri", CommonOptions.Source),
        ("Etl:Lake:Uri", CommonOptions.Lake),
        ("Etl:Postgres:ConnectionString", CommonOptions.Connection),
        ("Etl:Delivery:WaitUntil", CommonOptions.WaitUntil),
    ];

    public static void Read(IConfigurationManager configuration, ParseResult parsed)
    {
        AddFile(configuration, AppContext.BaseDirectory);
        if (Directory.GetCurrentDirectory() != AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar))
        {
            AddFile(configuration, Directory.GetCurrentDirectory());
        }

        configuration.AddEnvironmentVariables();
        configuration.AddCommandLine([.. FromCommandLine(parsed).Select(s => $"--{s.Key}={s.Value}")]);
    }

    private static Dictionary<string, string?> FromCommandLine(ParseResult parsed)
    {
        var given = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var pair in parsed.GetValue(CommonOptions.Setting) ?? [])
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            if (at < 0)
            {
                throw new EtlException(
                    ErrorCode.Usage,
                    $"{Display(pair)} has no value.",
                    "Write --Etl:SECTION:NAME=VALUE, for example --Etl:Quality:MaxRejectedPercent=5."
                );
            }

            given[pair[..at]] = pair[(at + 1)..];
        }

        foreach (var (setting, option) in Shortcuts.Where(s => parsed.GetResult(s.Option) is not null))
        {
            given[setting] = parsed.GetValue(option);
        }

        return given;
    }

    /// <summary>The name of a setting. Anything else is not shown: it can be a value that was given without <c>=</c>.</summary>
    private static string Display(string name) => SettingName().IsMatch(name) ? $"--{name}" : "A setting";

    [GeneratedRegex(
        "^Etl(:[A-Za-z]{1,40}){2,3}$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture
    )]
    private static partial Regex SettingName();

    private static void AddFile(IConfigurationManager configuration, string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return;
        }

        try
        {
            configuration.AddJsonStream(new MemoryStream(File.ReadAllBytes(path)));
        }
        catch (Exception exception) // not passed on as the cause: its message can quote the file
            when (exception is FormatException or JsonException or IOException or UnauthorizedAccessException)
        {
            throw new EtlException(
                ErrorCode.Configuration,
                $"{path} cannot be read as JSON.",
                "Correct or remove the file."
            );
        }
    }
}
