using Etl.TestLogger;
using Microsoft.VisualStudio.TestPlatform.ObjectModel;
using Microsoft.VisualStudio.TestPlatform.ObjectModel.Client;
using Microsoft.VisualStudio.TestPlatform.ObjectModel.Logging;
using Moq;
using Shouldly;
using Xunit;
using TestResult = Microsoft.VisualStudio.TestPlatform.ObjectModel.TestResult;

namespace Etl.UnitTests.Console;

public sealed class SkipLoggerTests
{
    [Fact]
    public void The_reasons_of_skipped_tests_are_printed_once_at_the_end()
    {
        var output = new StringWriter { NewLine = "\n" };
        var events = new Mock<TestLoggerEvents>();
        new SkipLogger(output).Initialize(events.Object, "");

        Ended("A.First", TestOutcome.Skipped, "moto is missing.");
        Ended("A.Second", TestOutcome.Passed, null);
        Ended("B.Third", TestOutcome.Skipped, "moto is missing.");
        output.ToString().ShouldBeEmpty();
        var complete = new TestRunCompleteEventArgs(null, false, false, null, null, TimeSpan.Zero);
        events.Raise(e => e.TestRunComplete += null, complete);

        output.ToString().ShouldBe("Skipped 2: moto is missing. (A.First, B.Third)\n");

        void Ended(string name, TestOutcome outcome, string? reason)
        {
            var test = new TestCase(name, new Uri("executor://none"), "none.dll");
            var result = new TestResult(test) { Outcome = outcome, ErrorMessage = reason };
            events.Raise(e => e.TestResult += null, new TestResultEventArgs(result));
        }
    }
}
