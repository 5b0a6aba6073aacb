using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Etl.Application.Errors;
using Etl.Infrastructure.Settings;

namespace Etl.Hosts.Console.Cli;

/// <summary>
/// What is wrong with a command line. A word of it is shown only where it resembles a verb or an option of this program, or
/// is a number or a day: any other can be a part of a connection string that the shell has split. Such a word is called by
/// its position, from 1.
/// </summary>
internal static partial class UsageErrors
{
    private const int MostChanges = 3;

    public static EtlException Of(ParseResult parsed, string[] args)
    {
        var command = parsed.CommandResult.Command;
        var message =
            command.Action is null && command.Subcommands.Count > 0
                ? NoVerb(parsed, command, args)
                : string.Join(" ", Messages(parsed, command, args).Distinct());
        return new EtlException(ErrorCode.Usage, message, $"See `{Path(command)} --help`.");
    }

    private static string NoVerb(ParseResult parsed, Command command, string[] args)
    {
        var verbs = command.Subcommands.Select(c => c.Name).ToList();
        if (parsed.UnmatchedTokens.FirstOrDefault(t => !t.StartsWith('-')) is not { } typed)
        {
            return $"{Path(command)} needs a verb: {string.Join(", ", verbs)}.";
        }

        return Nearest.To(typed, verbs, MostChanges) is { } meant
            ? $"'{typed}' is not a verb of {Path(command)}; did you mean {meant}?"
            : $"{Position(typed, args)} of the command line is not a verb of {Path(command)}: {string.Join(", ", verbs)}.";
    }

    private static IEnumerable<string> Messages(ParseResult parsed, Command command, string[] args)
    {
        var options = OptionsOf(command).SelectMany(o => o.Aliases.Prepend(o.Name)).ToHashSet();
        return Unmatched(parsed, command, options, args)
            .Concat(parsed.Errors.Select(e => Shown(e, parsed, command, options)).OfType<string>());
    }

    private static IEnumerable<string> Unmatched(
        ParseResult parsed,
        Command command,
        HashSet<string> options,
        string[] args
    )
    {
        var unknown = new List<string>();
        foreach (var token in parsed.UnmatchedTokens.Distinct())
        {
            var name = token.Split('=', ':')[0];
            if (name.StartsWith("--", StringComparison.Ordinal) && Nearest.To(name, options, MostChanges) is { } meant)
            {
                yield return $"'{name}' is not an option of {Path(command)}; did you mean {meant}?";
            }
            else
            {
                unknown.Add(Position(token, args));
            }
        }

        if (unknown.Count > 0)
        {
            var verb = unknown.Count == 1 ? "is" : "are";
            yield return $"{string.Join(", ", unknown.Distinct())} of the command line {verb} not understood by "
                + $"{Path(command)}; quote a value that holds blanks.";
        }
    }

    /// <summary>The parser quotes words of the command line; what this program added itself does not. Null: said already.</summary>
    private static string? Shown(ParseError error, ParseResult parsed, Command command, HashSet<string> options)
    {
        var names = options.Concat(command.Subcommands.Select(c => c.Name)).Append(command.Name);
        var known = names.Concat(command.Arguments.Select(a => a.Name)).ToHashSet();
        return !Quoted().Replace(error.Message, q => IsKnown(q.Groups["text"].Value) ? "" : q.Value).Contains('\'')
                ? error.Message
            : Owner(error.SymbolResult) is { } name ? $"The value of {name} is not valid."
            : parsed.UnmatchedTokens.Count == 0 ? "The command line cannot be parsed."
            : null;

        bool IsKnown(string text) => known.Contains(text) || Number().IsMatch(text);
    }

    private static string Position(string token, string[] args) =>
        Array.IndexOf(args, token) is var at and >= 0 ? $"Word {at + 1}" : "A word";

    private static string? Owner(SymbolResult? result) =>
        result switch
        {
            null => null,
            OptionResult option => option.Option.Name,
            ArgumentResult { Parent: CommandResult } argument => argument.Argument.Name,
            _ => Owner(result.Parent),
        };

    private static IEnumerable<Option> OptionsOf(Command command) =>
        command
            .Options.Concat(command.Parents.OfType<Command>().SelectMany(p => OptionsOf(p).Where(o => o.Recursive)))
            .Where(o => !o.Hidden);

    /// <summary>What was typed to reach the command, as <c>etl runs show</c>.</summary>
    private static string Path(Command command) =>
        command is RootCommand ? "etl" : $"{Path(command.Parents.OfType<Command>().First())} {command.Name}";

    [GeneratedRegex("'(?<text>[^']*)'", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Quoted();

    [GeneratedRegex("^[0-9][0-9TZ:.+-]{0,31}$", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
