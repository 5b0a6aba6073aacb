using System.CommandLine;
using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Verbs;

namespace Etl.Hosts.Console.Output;

/// <summary>What people and programs get to see of a exception: a line, the mend, an exit code; never a stack trace.</summary>
internal static class ErrorOutput
{
    public static int Report(Exception exception, ParseResult parsed, string[] args, Terminal terminal)
    {
        var error = Explain(exception);
        Write(terminal, error);
        if (parsed.GetValue(CommonOptions.Verbose))
        {
            terminal.Error.WriteLine(exception);
        }

        // A line that could not be understood as a whole may still have asked for JSON.
        if (args.Contains(CommonOptions.Json.Name, StringComparer.Ordinal))
        {
            WriteJson(terminal, error, parsed.CommandResult.Command.Name is RunVerb.Name or QuarantineReplayVerb.Name);
        }

        return error.Code.ExitCode();
    }

    /// <summary>Readers of <c>run --json</c> get its shape, whatever went wrong.</summary>
    private static void WriteJson(Terminal terminal, EtlError error, bool run)
    {
        if (run)
        {
            terminal.Out.WriteLine(SummaryJson.Write(SummaryJson.OfError(error)));
        }
        else
        {
            JsonOutput.Write(terminal, FailureDocument.Of(error), OutputJson.Default.FailureDocument);
        }
    }

    /// <summary>The exception in two lines on stderr.</summary>
    public static void Write(Terminal terminal, EtlError error)
    {
        var (red, plain) = terminal.ErrorIsTerminal ? ("\e[31m", "\e[0m") : ("", "");
        terminal.Error.WriteLine($"{red}error:{plain} {error.Message}");
        terminal.Error.WriteLine($"next:  {error.NextStep}");
    }

    private static EtlError Explain(Exception exception) =>
        exception switch
        {
            EtlException known => known.Error,
            OperationCanceledException => new EtlError(
                ErrorCode.Cancelled,
                "The command was stopped before it had ended.",
                "Run it again; a rerun is safe.",
                Retryable: true
            ),
            _ => new EtlError(
                ErrorCode.Internal,
                $"The program itself failed ({exception.GetType().Name}).",
                "Run again with --verbose for the details, and report them; a rerun is safe."
            ),
        };
}
