using System.CommandLine;
using Etl.Hosts.Console.Cli;

namespace Etl.Hosts.Console.Verbs;

/// <summary><c>etl help</c>: the same as <c>--help</c>.</summary>
internal sealed class HelpVerb : Verb
{
    private const string VerbName = "help";

    public HelpVerb()
        : base(VerbName, "Shows the help of etl or of a verb.", "etl help run")
    {
        Add(
            new Argument<string[]>("VERB")
            {
                Description = "The verb, for example run.",
                Arity = ArgumentArity.ZeroOrMore,
            }
        );
        SetAction(_ => { }); // Never invoked: the command line is rewritten.
    }

    /// <summary><c>help VERB</c> as <c>VERB --help</c>, or as an unknown verb; any other command line as it is.</summary>
    public static string[] AsOption(RootCommand root, string[] args)
    {
        if (args is not [VerbName, .. var verb] || verb.Any(v => v.StartsWith('-')))
        {
            return args;
        }

        return root.Parse(verb).UnmatchedTokens.Count == 0 ? [.. verb, "--help"] : verb;
    }
}
