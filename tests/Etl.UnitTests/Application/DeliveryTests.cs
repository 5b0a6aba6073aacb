using System.Globalization;
using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Domain;
using Etl.Domain.Runs;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Application;

public sealed class DeliveryTests : PipelineOnFakes
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Fact]
    public async Task A_start_that_finds_no_file_uses_no_run_number_and_queues_one_message()
    {
        Ports.Source.Clear();
        var summary = await RunAsync();

        (summary.RunId, summary.ExitCode, summary.Error!.Code).ShouldBe((null, 3, ErrorCode.SourceMissing));
        summary.Error.Message.ShouldContain("orders.csv");
        summary.Error.Message.ShouldContain("reviews.csv");
        summary.Error.Message.ShouldContain("shipment_deliveries.csv");
        Ledger.Asked.ShouldBeEmpty();
        Ledger.Queued.Single().Cause.ShouldBe("source_missing:orders");
        Ports.Sent.Single().RunId.ShouldBeNull();
    }

    [Fact]
    public async Task A_ledger_that_cannot_store_the_message_of_a_start_does_not_suppress_it()
    {
        Ports.Source.Clear();
        Ledger.QueueError = new EtlException(ErrorCode.Database, "no table", "migrate");
        await RunAsync();
        Ports.Sent.Single().Outcome.ShouldBe(Outcome.Failure);
    }

    [Fact]
    public async Task Files_that_may_be_missing_are_not_required_before_a_run()
    {
        Ports.Source.Clear();
        Datasets = new DatasetCatalog(Datasets.All.Select(d => d with { IsRequired = false }));
        (await RunAsync()).RunId.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_waiting_start_holds_no_lease_and_runs_when_the_delivery_is_complete()
    {
        var orders = Ports.Source["orders.csv"];
        Ports.Source.Remove("orders.csv");
        Delivery.WaitUntil = "07:30";
        var looks = 0;
        Ports.OnWaiting = missing =>
        {
            Ledger.Asked.ShouldBeEmpty();
            missing.ShouldContain(looks < 2 ? "orders.csv" : "still arriving");
            if (++looks == 2)
            {
                Ports.Source["orders.csv"] = orders;
            }
        };

        (await RunAsync()).ExitCode.ShouldBe(0);
        looks.ShouldBe(3);
    }

    [Fact]
    public async Task A_file_that_still_grows_is_waited_for()
    {
        var orders = Ports.Source["orders.csv"];
        Ports.Source.Remove("orders.csv");
        Delivery.WaitUntil = "07:30";
        var versions = new Queue<string>(["v1", "v2", "v3"]);
        Ports.OnWaiting = _ =>
        {
            if (versions.TryDequeue(out var version))
            {
                Ports.Source["orders.csv"] = orders with { Version = version };
            }
        };

        (await RunAsync()).ExitCode.ShouldBe(0);
        versions.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_delivery_that_is_incomplete_when_the_time_is_over_is_late()
    {
        Ports.Source.Remove("orders.csv");
        Delivery.WaitUntil = "04:00";
        var summary = await RunAsync();

        (summary.RunId, summary.ExitCode, summary.Error!.Code).ShouldBe((null, 3, ErrorCode.SourceLate));
        summary.Error.Message.ShouldStartWith(
            "The delivery of 2026-03-01 is not complete at 04:00 UTC. The orders file"
        );
    }

    [Theory]
    [InlineData("2026-03-01T05:00:00Z", "07:30", "2026-03-01T06:30:00Z")]
    [InlineData("2026-03-01T23:30:00Z", "07:30", "2026-03-02T06:30:00Z")]
    [InlineData("2026-03-29T00:00:00Z", "02:30", "2026-03-29T01:30:00Z")]
    [InlineData("2026-10-25T00:00:00Z", "02:30", "2026-10-25T01:30:00Z")]
    public void The_time_is_that_of_the_day_in_the_time_zone(string now, string time, string expected)
    {
        var deadline = new DeliveryOptions { WaitUntil = time }.DeadlineOn(Time(now), Berlin);
        deadline!.Value.ToUniversalTime().ShouldBe(Time(expected));

        static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
    }

    [Theory]
    [InlineData("7:30")]
    [InlineData("24:00")]
    [InlineData("07:30:00")]
    [InlineData("soon")]
    public void A_time_that_is_none_is_refused(string text) =>
        new DeliveryOptionsValidator()
            .Validate(new DeliveryOptions { WaitUntil = text })
            .Errors.Single()
            .ErrorMessage.ShouldContain("give a time of day as HH:mm, such as 07:30");
}
