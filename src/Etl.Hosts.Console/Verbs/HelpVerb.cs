using System.CommandLine;
using Etl.Hosts.Console.Cli;

namespace Etl.Hosts.Console.Verbs;

/// <summary><c>etl help VERB</c>: the same as <c>etl VERB --help</c>.</summary>
internal sealed class HelpVerb : Verb
{
    private static readonly Argument<string[]> VerbName = new("VERB")
    {
        Description = "The verb, for example run.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public HelpVerb(RootCommand root)
        : base("help", "Shows the help of etl or of a verb.", "etl help run")
    {
        Add(VerbName);
        SetAction(parsed =>
        {
            var verb = parsed.GetValue(VerbName) ?? [];
            var found = root.Parse(verb);
            return found.UnmatchedTokens.Count == 0
                ? root.Parse([.. verb, "--help"]).Invoke(parsed.InvocationConfiguration)
                : throw UsageErrors.Of(found, verb);
        });
    }
}
