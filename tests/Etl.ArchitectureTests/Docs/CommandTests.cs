using System.Text.RegularExpressions;
using Etl.Hosts.Console;
using Etl.Hosts.Console.Cli;
using Shouldly;
using Xunit;

namespace Etl.ArchitectureTests.Docs;

public sealed partial class CommandTests
{
    [Fact]
    public void Every_command_in_a_page_parses()
    {
        var commands = MarkdownPage
            .All.SelectMany(p => p.CodeLines.Concat(p.Quoted.Where(q => StartsWithProgram().IsMatch(q.Text))))
            .SelectMany(l => Program().Matches(l.Text).Select(m => (l.Where, Line: m.Groups["args"].Value)))
            .SelectMany(c => Alternatives(c.Line).Select(line => (c.Where, Line: line)))
            .ToList();
        commands.Count.ShouldBeGreaterThan(30);
        commands
            .Select(c => (c.Where, c.Line, Errors: Errors(c.Line)))
            .Where(c => c.Errors.Count > 0)
            .Select(c => $"{c.Where}: etl {c.Line}: {string.Join(' ', c.Errors)}")
            .ShouldBeEmpty();
    }

    [Fact]
    public void Every_setting_in_a_page_exists()
    {
        var sections = ConfigurationPage.Names.Select(n => n[..n.LastIndexOf(':')]);
        var names = ConfigurationPage.Names.Concat(sections).ToList();
        var known = names.Concat(names.Select(Variable)).ToHashSet();
        var byName = ConfigurationPage.ByName.SelectMany(n => new[] { $"{n}:", $"{Variable(n)}__" }).ToList();
        MarkdownPage
            .All.SelectMany(p => p.Lines)
            .SelectMany(l => Setting().Matches(l.Text).Select(m => (l.Where, m.Value)))
            .Where(s => !known.Contains(s.Value) && !byName.Any(n => s.Value.StartsWith(n, StringComparison.Ordinal)))
            .Select(s => $"{s.Where}: {s.Value}")
            .ShouldBeEmpty();

        static string Variable(string name) => name.Replace(":", "__", StringComparison.Ordinal).ToUpperInvariant();
    }

    private static List<string> Errors(string line)
    {
        var args = Word()
            .Matches(line)
            .Select(m => m.Value.Trim('\'', '"'))
            .Where(w => w is not ("..." or "…"))
            .Select(w => w == "ID" ? "20260301-001" : w)
            .ToArray();
        var parsed = EtlCli.Parse(args, new Terminal(TextWriter.Null, TextWriter.Null, false, false));
        var named = args.Length > 0 && parsed.CommandResult.Command.Parents.Any() ? [] : new[] { "no such command" };
        return [.. named, .. parsed.Errors.Select(e => e.Message)];
    }

    /// <summary>`db start | stop | url` stands for three commands.</summary>
    private static IEnumerable<string> Alternatives(string line)
    {
        var parts = line.Split(" | ");
        var stem = parts[0].Contains(' ', StringComparison.Ordinal) ? parts[0][..(parts[0].LastIndexOf(' ') + 1)] : "";
        return parts.Skip(1).Select(p => stem + p).Prepend(parts[0]);
    }

    [GeneratedRegex(@"^(etl|dotnet run --project src/Etl\.Hosts\.Console) ")]
    private static partial Regex StartsWithProgram();

    /// <summary>The program's name at the start of a command, and its arguments up to a comment or another shell token.</summary>
    [GeneratedRegex(
        @"(?:(?<=^\s*|[;&(]\s*|[A-Z_]+=\S+\s+|/)etl|dotnet run --project src/Etl\.Hosts\.Console(?: -c Release)? --) (?<args>(?:'[^']*'|""[^""]*""|[^#;&)>""'])+)"
    )]
    private static partial Regex Program();

    [GeneratedRegex(@"(?:'[^']*'|""[^""]*""|\S)+")]
    private static partial Regex Word();

    [GeneratedRegex(@"\bEtl:[A-Z]\w*:\w+(:[A-Za-z]\w*)*|\bETL__[A-Z]\w*?(?=__\d|\b)")]
    private static partial Regex Setting();
}
