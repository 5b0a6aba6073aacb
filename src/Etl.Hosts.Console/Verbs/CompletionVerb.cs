using System.CommandLine;
using Etl.Hosts.Console.Cli;

namespace Etl.Hosts.Console.Verbs;

/// <summary><c>etl completion</c>: a script that completes verbs and options in a shell by querying the program.</summary>
internal sealed class CompletionVerb : Verb
{
    // The shell filters by the start of the last word, so the program returns all words that are possible there.
    private const string Bash = """
        _etl() {
          local IFS=$'\n' line="${COMP_LINE:0:COMP_POINT-${#2}}"
          COMPREPLY=($(compgen -W "$("${1/#\~/$HOME}" "[suggest:${#line}]" "$line" 2>/dev/null | grep -v -e '^/' -e '^-[?h]$')" -- "$2"))
        }
        complete -o default -F _etl etl
        """;

    private const string Zsh = """
        #compdef etl
        _etl() {
          local line="${(j: :)words[1,CURRENT-1]} "
          local -a found
          found=("${(@f)$(${~words[1]} "[suggest:${#line}]" "$line" 2>/dev/null | grep -v -e '^/' -e '^-[?h]$')}")
          compadd -- "${(@)found:#}" || _files
        }
        compdef _etl etl
        """;

    private const string Fish = """
        function __etl_complete
          set -l line (string join -- ' ' (commandline -cpo))' '
          etl "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null | string match -v -r '^/|^-[?h]$'
        end
        complete -c etl -a '(__etl_complete)'
        """;

    private static readonly Argument<string> Shell = new("SHELL") { Description = "bash, zsh or fish." };

    public CompletionVerb(Terminal terminal)
        : base(
            "completion",
            "Prints a script that completes verbs and options in a shell.",
            "eval \"$(etl completion bash)\"",
            "etl completion fish > ~/.config/fish/completions/etl.fish"
        )
    {
        Shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        Add(Shell);
        SetAction(parsed => terminal.Out.WriteLine(ScriptOf(parsed.GetRequiredValue(Shell))));
    }

    private static string ScriptOf(string shell) =>
        shell switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            _ => Fish,
        };
}
