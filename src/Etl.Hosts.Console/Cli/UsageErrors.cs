using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Etl.Application.Errors;
using Etl.Infrastructure.Settings;

namespace Etl.Hosts.Console.Cli;

/// <summary>
/// The errors of a command line. An argument is quoted only where it resembles a verb or an option of this program, or is a
/// number or a date: any other can be a part of a connection string that the shell has split. Such an argument is named by
/// its position, from 1.
/// </summary>
internal static partial class UsageErrors
{
    /// <summary>The maximum number of changed letters of a mistyped verb or option, and at most every second letter.</summary>
    private const int MaxChanges = 3;

    public static EtlException Of(ParseResult parsed, string[] args)
    {
        var command = parsed.CommandResult.Command;
        var message =
            command.Action is null && command.Subcommands.Count > 0
                ? UnknownVerb(parsed, command, args)
                : string.Join(" ", Messages(parsed, command, args).Distinct());
        return new EtlException(ErrorCode.Usage, message, $"See `{Path(command)} --help`.");
    }

    private static string UnknownVerb(ParseResult parsed, Command command, string[] args)
    {
        var verbs = command.Subcommands.Select(c => c.Name).ToList();
        var group = command is RootCommand ? "" : $" of {Path(command)}";
        if (parsed.UnmatchedTokens.FirstOrDefault(t => !t.StartsWith('-')) is not { } typed)
        {
            return $"{Path(command)} requires a verb: {string.Join(", ", verbs)}.";
        }

        return Suggestion(typed, verbs, $"verb '{typed}'{group}")
            ?? $"Unknown verb{group}: argument {Position(typed, args)} of the command line. "
                + $"The verbs are {string.Join(", ", verbs)}.";
    }

    private static string? Suggestion(string typed, IEnumerable<string> known, string what) =>
        Nearest.To(typed, known, Math.Min(MaxChanges, typed.Trim('-').Length / 2)) is { } nearest
            ? $"Unknown {what}. Did you mean {nearest}?"
            : null;

    private static IEnumerable<string> Messages(ParseResult parsed, Command command, string[] args)
    {
        var options = OptionsOf(command).SelectMany(o => o.Aliases.Prepend(o.Name)).ToHashSet();
        return Unmatched(parsed, command, options, args)
            .Concat(parsed.Errors.Select(e => TextOf(e, parsed, command, options)).OfType<string>());
    }

    private static List<string> Unmatched(ParseResult parsed, Command command, HashSet<string> options, string[] args)
    {
        // The tokens after a mistyped option are its values, and those after a mistyped verb are that verb's.
        var suggestions = parsed
            .UnmatchedTokens.Select(t => t.Split('=', ':')[0])
            .Select(t =>
                t.StartsWith('-')
                    ? Suggestion(t, options, $"option '{t}' of {Path(command)}")
                    : Suggestion(t, command.Subcommands.Select(c => c.Name), $"verb '{t}' of {Path(command)}")
            )
            .OfType<string>()
            .ToList();
        if (suggestions.Count > 0)
        {
            return suggestions;
        }

        var unknown = parsed.UnmatchedTokens.Distinct().Select(t => Position(t, args)).ToList();
        var (arguments, verb) = unknown.Count == 1 ? ("Argument", "is") : ("Arguments", "are");
        return unknown.Count == 0
            ? []
            :
            [
                $"{arguments} {string.Join(", ", unknown)} of the command line {verb} unknown to {Path(command)}. "
                    + "Quote values that contain spaces.",
            ];
    }

    /// <summary>
    /// The text of a parser error. The parser quotes arguments of the command line, so such a text is replaced; the errors that
    /// this program adds quote none. Null where the unmatched arguments explain the error.
    /// </summary>
    private static string? TextOf(ParseError error, ParseResult parsed, Command command, HashSet<string> options)
    {
        var names = options.Concat(command.Subcommands.Select(c => c.Name)).Append(command.Name);
        var known = names.Concat(command.Arguments.Select(a => a.Name)).ToHashSet();
        return !Quoted().Replace(error.Message, q => IsKnown(q.Groups["text"].Value) ? "" : q.Value).Contains('\'')
                ? error.Message
            : NameOf(error.SymbolResult) is { } name ? $"The value of {name} is not valid."
            : parsed.UnmatchedTokens.Count == 0 ? "The command line cannot be parsed."
            : null;

        bool IsKnown(string text) =>
            known.Contains(text) || (Number().IsMatch(text) && !parsed.UnmatchedTokens.Contains(text));
    }

    private static string Position(string token, string[] args) =>
        Array.IndexOf(args, token) is var index and >= 0 ? $"{index + 1}" : "(unknown position)";

    /// <summary>The option or argument that an error is about; null for neither.</summary>
    private static string? NameOf(SymbolResult? result) =>
        result switch
        {
            null => null,
            OptionResult option => option.Option.Name,
            ArgumentResult { Parent: CommandResult } argument => argument.Argument.Name,
            _ => NameOf(result.Parent),
        };

    private static IEnumerable<Option> OptionsOf(Command command) =>
        command
            .Options.Concat(command.Parents.OfType<Command>().SelectMany(p => OptionsOf(p).Where(o => o.Recursive)))
            .Where(o => !o.Hidden);

    /// <summary>The command with its parents, as in <c>etl runs show</c>.</summary>
    private static string Path(Command command) =>
        command is RootCommand ? "etl" : $"{Path(command.Parents.OfType<Command>().First())} {command.Name}";

    [GeneratedRegex("'(?<text>[^']*)'", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Quoted();

    [GeneratedRegex("^[0-9][0-9TZ:.+-]{0,31}$", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
