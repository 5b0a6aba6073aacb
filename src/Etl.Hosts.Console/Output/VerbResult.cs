using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Hosts.Console.Cli;

namespace Etl.Hosts.Console.Output;

/// <summary>The result of a verb in its two forms, of which one is printed.</summary>
/// <param name="Json">Serializes the one JSON document of <c>--json</c>.</param>
/// <param name="WriteText">Writes the same for people.</param>
/// <param name="ExitCode">The exit code of the process.</param>
/// <param name="Error">The error to print on stderr; null for none.</param>
internal sealed record VerbResult(
    Func<string> Json,
    Action<Terminal> WriteText,
    int ExitCode = 0,
    EtlError? Error = null
)
{
    public static VerbResult Of(Document document, Action<Terminal> writeText) =>
        new(() => JsonOutput.Serialize(document), writeText, document.ExitCode, document.Failure);

    public static VerbResult Of(RunSummary summary, RunHistory? previous) =>
        new(
            () => SummaryJson.Write(summary),
            terminal => SummaryText.Write(terminal, summary, previous),
            summary.ExitCode,
            summary.Error
        );

    /// <summary>Prints the result on stdout and then its error on stderr.</summary>
    public void Print(Terminal terminal, bool json)
    {
        if (json)
        {
            terminal.Out.WriteLine(Json());
        }
        else
        {
            WriteText(terminal);
        }

        if (Error is not null)
        {
            ErrorText.Write(terminal, Error);
        }
    }
}

/// <summary>Errors for people: the message and the next step, never a stack trace.</summary>
internal static class ErrorText
{
    public static void Write(Terminal terminal, EtlError error)
    {
        if (terminal.ErrorIsTerminal)
        {
            var message = Wrapping.Wrap(error.Message, terminal.Width(), "error: ".Length);
            terminal.Error.WriteLine($"\e[31merror:\e[0m {message}");
        }
        else
        {
            terminal.Error.WriteLine($"error: {error.Message}");
        }

        // Not wrapped: it can contain a command to copy.
        terminal.Error.WriteLine($"next:  {error.NextStep}");
    }

    /// <summary>The error that an exception is reported as.</summary>
    public static EtlError Of(Exception exception) =>
        exception switch
        {
            EtlException known => known.Error,
            OperationCanceledException => new EtlError(
                ErrorCode.Cancelled,
                "The command was stopped before it completed.",
                "Run it again; a rerun is safe.",
                Retryable: true
            ),
            _ => new EtlError(
                ErrorCode.Internal,
                $"Internal error ({exception.GetType().Name}).",
                "Run again with --verbose and report the details. A rerun is safe."
            ),
        };
}
