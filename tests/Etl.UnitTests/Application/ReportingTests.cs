using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Application;

/// <summary>The report is an extra: it names itself where it is written, and where it is not the run is what it was.</summary>
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
    public async Task A_report_that_cannot_be_written_is_a_warning_and_the_run_is_as_good_as_before()
    {
        Ports.Exceptions["report"] = new EtlException(ErrorCode.Lake, "The lake is full.", "Free some space.");

        var summary = await RunAsync();

        const string Warning = "The report was not written: The lake is full. Try `etl report --run 20260301-001`.";
        (summary.Status, summary.ExitCode, summary.ReportUri).ShouldBe((SummaryStatus.Succeeded, 0, null));
        summary.Warnings.ShouldBe([Warning]);
        Ports.Journal.ShouldContain($"warned {Warning}");
        Ports.Sent.Single().Outcome.ShouldBe(Outcome.Success);
        Ledger.ReportUri.ShouldBeNull();
        Ledger.Run.Status.ShouldBe(RunStatus.Succeeded);
    }

    [Fact]
    public async Task A_fault_that_nobody_foresaw_is_told_by_its_kind_and_not_in_its_words()
    {
        Ports.Exceptions["report"] = new InvalidOperationException("Host=db;Password=hidden");

        var summary = await RunAsync();

        summary.ExitCode.ShouldBe(0);
        summary.Warnings.Single().ShouldStartWith("The report was not written: InvalidOperationException. Try ");
        summary.Warnings.Single().ShouldNotContain("hidden");
    }

    [Fact(Timeout = 30_000)]
    public async Task A_report_that_takes_too_long_is_not_waited_for()
    {
        Ports.Hang = "report";

        var summary = await RunAsync();

        summary.Status.ShouldBe(SummaryStatus.Succeeded);
        summary.Warnings.Single().ShouldContain("it took longer than 5 seconds.");
        Ports.Sent.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_failed_run_whose_report_fails_too_keeps_its_own_cause()
    {
        Ports.Exceptions["build"] = new EtlException(ErrorCode.Database, "gone", "start it");
        Ports.Exceptions["report"] = new EtlException(ErrorCode.Lake, "The lake is full.", "Free some space.");

        var summary = await RunAsync();

        (summary.Status, summary.Error!.Message).ShouldBe((SummaryStatus.Failed, "gone"));
        summary.Warnings.ShouldHaveSingleItem().ShouldContain("The lake is full.");
        Ports.Sent.ShouldHaveSingleItem();
    }
}
