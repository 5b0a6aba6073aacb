using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Application;

/// <summary>At 00:30 of 2026-07-02 in Berlin, which is still 2026-07-01 in UTC.</summary>
public sealed class DateLimitsTests
{
    [Theory]
    [InlineData("1900-01-01")]
    [InlineData("2026-07-03")]
    [InlineData("2026-06-30", "1900-01-01")]
    [InlineData("2026-06-30", "2199-12-31")]
    public void The_first_and_the_last_date_can_run(string date, string? asOf = null) =>
        ErrorOf(date, asOf).ShouldBeNull();

    [Theory]
    [InlineData("2026-07-04", null, "The business date 2026-07-04 is after tomorrow.")]
    [InlineData("9999-12-31", null, "The business date 9999-12-31 is after tomorrow.")]
    [InlineData("1899-12-31", null, "The business date 1899-12-31 is before 1900-01-01.")]
    [InlineData("0001-01-01", null, "The business date 0001-01-01 is before 1900-01-01.")]
    [InlineData("2026-06-30", "1899-12-31", "The as-of date 1899-12-31 is not from 1900-01-01 to 2199-12-31.")]
    [InlineData("2026-06-30", "2200-01-01", "The as-of date 2200-01-01 is not from 1900-01-01 to 2199-12-31.")]
    public void Dates_outside_the_limits_are_refused(string date, string? asOf, string message)
    {
        var error = ErrorOf(date, asOf).ShouldNotBeNull();
        (error.Code, error.Message).ShouldBe((ErrorCode.Usage, message));
        error.NextStep.ShouldStartWith("Correct the date");
    }

    private static EtlError? ErrorOf(string date, string? asOf) =>
        new DateLimits(Options.Create(new ScheduleOptions { TimeZone = "Europe/Berlin" }), new FixedClock()).ErrorOf(
            new RunRequest(BusinessDate.Parse(date), asOf is null ? null : BusinessDate.Parse(asOf).Value)
        );

    private sealed class FixedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 7, 1, 22, 30, 0, TimeSpan.Zero);
    }
}
