using System.CommandLine;
using Etl.Hosts.Console.Cli;

namespace Etl.Hosts.Console.Verbs;

/// <summary><c>etl completion</c>: a script that teaches a shell the verbs and options; the program itself is asked.</summary>
internal static class CompletionVerb
{
    // A shell picks by what is typed of the last word, so the program is asked for all that may stand there.
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

    private static readonly Argument<string> Shell = CreateShell();

    public static Command Create(Terminal terminal)
    {
        var verb = new Verb(
            "completion",
            "Prints a script that completes verbs and options in a shell.",
            "eval \"$(etl completion bash)\"",
            "etl completion fish > ~/.config/fish/completions/etl.fish"
        )
        {
            Shell,
        };
        verb.SetAction(parsed => terminal.Out.WriteLine(ScriptOf(parsed.GetRequiredValue(Shell))));
        return verb;
    }

    private static string ScriptOf(string shell) =>
        shell switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            _ => Fish,
        };

    private static Argument<string> CreateShell()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        return shell;
    }
}
