using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Etl.Hosts.Console.Cli;

/// <summary>A verb of the program, or a group of verbs. Its help ends with examples that can be typed.</summary>
internal class Verb(string name, string description, params string[] examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples => examples;

    /// <summary>Lines of the help between options and examples.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>The help that System.CommandLine writes, followed by the verb's notes and examples.</summary>
internal sealed class ExampleHelp(HelpAction help) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var code = help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is Verb { Examples.Count: > 0 } verb)
        {
            var output = parseResult.InvocationConfiguration.Output;
            foreach (var line in verb.Notes)
            {
                output.WriteLine(line);
            }

            output.WriteLine(verb.Examples.Count == 1 ? "Example:" : "Examples:");
            foreach (var example in verb.Examples)
            {
                output.WriteLine($"  {example}");
            }
        }

        return code;
    }
}
