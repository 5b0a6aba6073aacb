using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Application;

/// <summary>The report is in the summary if it is written; if it is not, the run succeeds all the same.</summary>
public sealed class ReportingTests : PipelineOnFakes
{
    [Fact]
    public async Task A_report_is_in_the_summary_the_ledger_and_the_message()
    {
        var summary = await RunAsync();

        summary.ReportUri.ShouldBe("file:///lake/20260301-001/report.html");
        Ledger.ReportUri.ShouldBe(summary.ReportUri);
        Ports.Journal.IndexOf("report").ShouldBeLessThan(Ports.Journal.IndexOf("send"));
        Ports.Sent.Single().Body.ShouldContain("report.html");
        summary.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_failed_run_has_its_report_too()
    {
        Ports.Exceptions["build"] = new EtlException(ErrorCode.Database, "gone", "start it");

        var summary = await RunAsync();

        summary.Status.ShouldBe(SummaryStatus.Failed);
        summary.ReportUri.ShouldBe("file:///lake/20260301-001/report.html");
        Ledger.ReportUri.ShouldBe(summary.ReportUri);
    }

    [Fact]
    public async Task A_report_that_cannot_be_written_is_a_warning_and_fails_no_run()
    {
        Ports.Exceptions["report"] = new EtlException(ErrorCode.Lake, "The lake is full.", "Free some space.");

        var summary = await RunAsync();

        const string Warning =
            "The report was not written: The lake is full. Write it with `etl report --run 20260301-001`.";
        (summary.Status, summary.ExitCode, summary.ReportUri).ShouldBe((SummaryStatus.Succeeded, 0, null));
        summary.Warnings.ShouldBe([new RunWarning(RunWarningKind.Report, Warning)]);
        Ports.Journal.ShouldContain($"warned {Warning}");
        Ports.Sent.Single().Outcome.ShouldBe(Outcome.Success);
        Ledger.ReportUri.ShouldBeNull();
        Ledger.Run.Status.ShouldBe(RunStatus.Succeeded);
    }

    [Fact]
    public async Task Figures_that_cannot_be_read_are_a_warning_and_the_report_is_written()
    {
        Ports.Exceptions["figures"] = new EtlException(ErrorCode.Database, "The server is busy.", "Wait.");

        var summary = await RunAsync();

        summary.Status.ShouldBe(SummaryStatus.Succeeded);
        summary.Figures.ShouldBeNull();
        summary.Warnings.Select(w => w.Message).ShouldContain("The figures were not read: The server is busy.");
        summary.ReportUri.ShouldNotBeNull();
        Ports.Sent.Single().Body.ShouldContain("! The figures were not read: The server is busy.");
    }

    [Fact]
    public async Task An_unknown_exception_is_reported_by_its_type_without_its_text()
    {
        Ports.Exceptions["report"] = new InvalidOperationException("Host=db;Password=hidden");

        var summary = await RunAsync();

        summary.ExitCode.ShouldBe(0);
        summary
            .Warnings.Single()
            .Message.ShouldStartWith("The report was not written: InvalidOperationException. Write ");
        summary.Warnings.Single().Message.ShouldNotContain("hidden");
    }

    [Fact(Timeout = 30_000)]
    public async Task A_report_that_takes_too_long_is_not_waited_for()
    {
        Ports.Hang = "report";

        var summary = await RunAsync();

        summary.Status.ShouldBe(SummaryStatus.Succeeded);
        summary.Warnings.Single().Message.ShouldContain("it took more than 5 seconds.");
        Ports.Sent.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_failed_run_whose_report_fails_too_keeps_its_own_cause()
    {
        Ports.Exceptions["build"] = new EtlException(ErrorCode.Database, "gone", "start it");
        Ports.Exceptions["report"] = new EtlException(ErrorCode.Lake, "The lake is full.", "Free some space.");

        var summary = await RunAsync();

        (summary.Status, summary.Error!.Message).ShouldBe((SummaryStatus.Failed, "gone"));
        summary.Warnings.ShouldHaveSingleItem().Message.ShouldContain("The lake is full.");
        Ports.Sent.ShouldHaveSingleItem();
    }
}
