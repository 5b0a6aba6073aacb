using Microsoft.VisualStudio.TestPlatform.ObjectModel;
using Microsoft.VisualStudio.TestPlatform.ObjectModel.Client;

namespace Etl.TestLogger;

/// <summary>Prints the reasons of skipped tests at the end of <c>dotnet test</c>, which prints their names only.</summary>
/// <param name="output">Where they are printed.</param>
[FriendlyName("skips")]
[ExtensionUri("logger://etl/skips")]
public sealed class SkipLogger(TextWriter output) : ITestLogger
{
    private readonly List<(string Test, string Reason)> skipped = [];

    /// <summary>For <c>dotnet test</c>, which creates it.</summary>
    public SkipLogger()
        : this(Console.Out) { }

    /// <inheritdoc/>
    public void Initialize(TestLoggerEvents events, string testRunDirectory)
    {
        events.TestResult += (_, e) => Add(e.Result);
        events.TestRunComplete += (_, _) => Print();
    }

    private void Add(TestResult result)
    {
        if (result.Outcome == TestOutcome.Skipped)
        {
            var reason = result.ErrorMessage ?? result.Messages.FirstOrDefault()?.Text ?? "no reason is given";
            skipped.Add((result.TestCase.FullyQualifiedName, reason.Trim()));
        }
    }

    private void Print()
    {
        foreach (var tests in skipped.GroupBy(s => s.Reason, s => s.Test).OrderByDescending(g => g.Count()))
        {
            output.WriteLine($"Skipped {tests.Count()}: {tests.Key} ({string.Join(", ", tests.Distinct())})");
        }
    }
}
