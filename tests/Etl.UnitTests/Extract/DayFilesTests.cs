using Etl.Application.Errors;
using Etl.Application.Extract;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain.Datasets;
using Etl.Domain.Orders;
using Etl.Domain.Runs;
using Etl.Infrastructure.Extract;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Extract;

/// <summary>Which file of a folder is the file of a dataset.</summary>
public sealed class DayFilesTests : IDisposable
{
    private static readonly BusinessDate Day = BusinessDate.Parse("2025-07-01");
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("orders.csv", "orders.csv.zst", "orders.csv.zst")]
    [InlineData("orders_{date:yyyyMMdd}.csv", "orders_20250701.csv", "orders_20250701.csv")]
    [InlineData("{date:yyyy/MM}/orders_*.csv", "2025/07/orders_7.csv.gz", "2025/07/orders_7.csv.gz")]
    [InlineData("none.csv|orders_*.csv", "orders_7.csv", "orders_7.csv")]
    [InlineData("orders.csv", "ORDERS.CSV", "ORDERS.CSV")]
    [InlineData("orders_*.csv", "Orders_1.Csv.GZ", "Orders_1.Csv.GZ")]
    public async Task The_one_file_with_a_name_of_the_dataset_is_found(string names, string file, string found)
    {
        folder.Write(file, "x");
        folder.Write("orders_20250630.txt", "x");

        (await FindAsync(names))!.Path.ShouldBe(found);
    }

    [Fact]
    public async Task A_file_in_another_case_is_ignored_where_the_exact_name_exists()
    {
        folder.Write("ORDERS.csv", "x");
        folder.Write("orders.csv", "x");

        (await FindAsync("orders.csv"))!.Path.ShouldBe("orders.csv");
    }

    [Fact]
    public async Task Names_of_checksums_marker_and_control_file_match_no_wildcard()
    {
        string[] beside = ["orders_1.csv.sha256", "orders_1.csv.md5", "orders_done", "orders_control"];
        beside.Append("orders_1.csv").ToList().ForEach(n => folder.Write(n, "x"));

        (await FindAsync("orders_*", new() { Marker = "orders_done", Control = "orders_control" }))!.Path.ShouldBe(
            "orders_1.csv"
        );
    }

    [Theory]
    [InlineData("orders_*.csv", "orders_1.csv|orders_2.csv.gz|orders_3.csv")]
    [InlineData("orders.csv|old.csv", "orders.csv|old.csv")]
    [InlineData("orders.csv", "Orders.csv|ORDERS.csv")]
    public async Task Several_files_are_refused_and_all_named(string names, string files)
    {
        files.Split('|').ToList().ForEach(n => folder.Write(n, "x"));

        var error = (await Should.ThrowAsync<EtlException>(() => FindAsync(names))).Error;

        error.Code.ShouldBe(ErrorCode.SourceAmbiguous);
        files.Split('|').ShouldAllBe(f => error.Message.Contains(f));
        error.NextStep.ShouldContain("Etl:Files:Orders:Names");
    }

    [Theory]
    [InlineData("orders_*.csv", "orders_10.csv|orders_2.csv.gz|orders_a.csv")]
    [InlineData("orders.csv|a/orders_*.csv", "a/orders_1.csv|orders.csv")]
    [InlineData("orders*.csv", "ORDERS.csv|Orders.csv")]
    public async Task Parts_are_in_the_bytewise_order_of_their_paths(string names, string files)
    {
        Directory.CreateDirectory(folder["a"]);
        files.Split('|').Reverse().ToList().ForEach(n => folder.Write(n, "x"));

        var parts = await LookAt(new()).FindAsync(Parts(names));

        parts.Select(p => p.Path).ShouldBe(files.Split('|'));
    }

    [Theory]
    [InlineData("orders*.csv", "orders.csv|orders.csv.gz", "There are two orders files in ")]
    [InlineData("orders*.csv", "orders1.csv|orders_2025-06-30.csv", "1 orders file in ")]
    public async Task Files_that_cannot_be_parts_of_one_day_are_refused(string names, string files, string reported)
    {
        files.Split('|').ToList().ForEach(n => folder.Write(n, "x"));

        var error = (await Should.ThrowAsync<EtlException>(() => LookAt(new()).FindAsync(Parts(names)))).Error;

        error.Code.ShouldBe(ErrorCode.SourceAmbiguous);
        error.Message.ShouldStartWith(reported);
    }

    [Theory]
    [InlineData("orders_{date}*.csv", true)]
    [InlineData("{date:yyyy/MM}/orders_{date:dd}*.csv", true)]
    [InlineData("{date:yyyy/MM}/orders_*.csv", false)]
    [InlineData("orders_{date:MMdd}*.csv", false)]
    [InlineData("orders_*.csv", false)]
    public void A_path_states_the_day_if_it_differs_from_day_to_day(string names, bool isDated)
    {
        var path = FilePattern.Of(names, Day).Path.Replace("*", "1", StringComparison.Ordinal);

        LookAt(new()).IsDated(Parts(names), path).ShouldBe(isDated);
    }

    [Fact]
    public async Task Of_very_many_files_the_first_are_named()
    {
        Enumerable.Range(100, 30).ToList().ForEach(i => folder.Write($"orders_{i}.csv", "x"));

        var error = (await Should.ThrowAsync<EtlException>(() => FindAsync("orders_*.csv"))).Error;

        error.Message.ShouldStartWith("There are 30 orders files in ");
        error.Message.ShouldEndWith("orders_119.csv and 10 more.");
    }

    [Theory]
    [InlineData("orders.csv", "orders_20250701.csv", "set Etl:Files:Orders:Names:0 to orders_{date:yyyyMMdd}.csv")]
    [InlineData("orders.csv", "Orders-export.csv", "or name it with Etl:Files:Orders:Names")]
    [InlineData("orders_{date}.csv", "orders_2025-06-30.csv", "or give the date of the files with --date")]
    public async Task A_missing_file_is_reported_with_what_is_there_and_the_setting(
        string names,
        string there,
        string next
    )
    {
        folder.Write(there, "x");
        folder.Write("orders\n.csv", "x");

        var error = await LookAt(new()).MissingAsync(Order.Dataset with { FileNames = names.Split('|') });

        error.Code.ShouldBe(ErrorCode.SourceMissing);
        error.Message.ShouldEndWith($"Found instead: {there}.");
        error.NextStep.ShouldContain(next);
    }

    private Task<SourceFile?> FindAsync(string names, DeliveryOptions? delivery = null) =>
        LookAt(delivery ?? new()).FindOneAsync(Order.Dataset with { FileNames = names.Split('|') });

    private static Dataset Parts(string names) =>
        Order.Dataset with
        {
            FileNames = names.Split('|'),
            Parts = FileParts.All,
        };

    private DayFiles LookAt(DeliveryOptions delivery) => new(new FolderSource(folder.Root), Day, delivery, default);
}
