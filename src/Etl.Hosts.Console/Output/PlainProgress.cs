using System.Globalization;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Hosts.Console.Cli;

namespace Etl.Hosts.Console.Output;

/// <summary>Whatever draws can be told that the drawing is over.</summary>
internal interface IProgressEnd : IDisposable
{
    /// <summary>Takes what moves away, so that what follows begins on a line of its own.</summary>
    void End();
}

/// <summary>A run's course in plain lines: for a pipe, a file, a log.</summary>
internal sealed class PlainProgress(Terminal terminal) : IRunObserver
{
    public void StepStarted(RunId run, Step step) => terminal.Note($"{run} {StepText.Name(step)} ...");

    public void StepEnded(RunId run, Step step, TimeSpan duration, string detail) =>
        terminal.Note(
            $"{run} {StepText.Name(step), -StepText.LongestName} {StepText.Seconds(duration), StepText.LongestTime}  {detail}"
        );

    public void Warned(RunId run, string warning) => terminal.Note($"{run} warning: {warning}");

    /// <summary>The summary says it, once.</summary>
    public void Remarked(RunId run, string warning) { }

    public void Notified(Message message) => terminal.Note($"message: {message.Subject}");

    public void Report(LoadProgress value) { }
}

/// <summary>Steps in words.</summary>
internal static class StepText
{
    public const int LongestName = 9;
    public const int LongestTime = 7;

    public static string Name(Step step) => step.ToString().ToLowerInvariant();

    public static string Seconds(TimeSpan duration) =>
        string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.00} s");
}
