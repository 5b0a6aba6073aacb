using System.Security.Cryptography;
using Etl.IntegrationTests.Quarantine;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Delivery;

/// <summary>What a sender delivers beside the files is verified by a run and by <c>check</c>.</summary>
public sealed class EvidenceTests(PostgresServer server)
{
    private const string OtherSha = "0000000000000000000000000000000000000000000000000000000000000000";
    private const string OtherMd5 = "00000000000000000000000000000000";

    [Theory]
    [InlineData("orders.csv.sha256", OtherSha + "  orders.csv\n", "orders.csv.sha256 states SHA-256 " + OtherSha)]
    [InlineData("orders.csv.sha256", OtherSha, "orders.csv.sha256 states SHA-256 " + OtherSha)]
    [InlineData("orders.csv.md5", OtherMd5 + " *orders.csv\n", "orders.csv.md5 states MD5 " + OtherMd5)]
    [InlineData("SHA256SUMS", OtherSha + "  orders.csv\n", "SHA256SUMS states SHA-256 " + OtherSha)]
    public async Task A_file_with_another_hash_than_stated_is_not_published(string name, string content, string stated)
    {
        await using var shop = await SmallShop.OpenAsync(server);
        shop.WriteDay().Write(name, content);
        var bytes = await File.ReadAllBytesAsync(shop.FileOf("orders.csv"));
        var found = content.StartsWith(OtherSha, StringComparison.Ordinal)
            ? Convert.ToHexStringLower(SHA256.HashData(bytes))
            : HexOfMd5(bytes);

        var run = await shop.RunAsync(SmallShop.Monday);
        (run.ExitCode, run.Code).ShouldBe((3, "source_incomplete"));
        run.Error.ShouldContain($"orders.csv is not the file that was sent: {stated}, the file has {found}: file://");
        (await shop.QueryAsync("select count(*)::text from analytics.daily_orders")).ShouldBe(["0"]);

        var check = await shop.CheckAsync(SmallShop.Monday);
        (check.ExitCode, check.Code).ShouldBe((3, "source_incomplete"));
        check.Error.ShouldContain(stated);
    }

    [Fact]
    public async Task Files_with_the_stated_hashes_and_rows_are_published()
    {
        await using var shop = await SmallShop.OpenAsync(server);
        shop.WriteDay();
        var orders = await File.ReadAllBytesAsync(shop.FileOf("orders.csv"));
        var reviews = await File.ReadAllBytesAsync(shop.FileOf("reviews.csv"));
        shop.Write("orders.csv.sha256", Convert.ToHexString(SHA256.HashData(orders)))
            .Write("orders.csv.md5", $"{HexOfMd5(orders)}  orders.csv\n")
            .Write("SHA256SUMS", $"{Convert.ToHexStringLower(SHA256.HashData(reviews))}  reviews.csv\n")
            .Write("control.csv", "file,rows\norders.csv,5\nreviews.csv,4\nshipment_deliveries.csv,5\n");

        foreach (var required in new[] { "None", "Any", "Control" })
        {
            var run = await shop.RunAsync(
                SmallShop.Monday,
                "--force",
                "--Etl:Delivery:Control=control.csv",
                $"--Etl:Delivery:Require={required}"
            );
            run.ExitCode.ShouldBe(0, run.Error);
        }
    }

    [Theory]
    [InlineData(20, "orders.csv has 5 rows; control.csv states 20: 15 rows are missing: file://")]
    [InlineData(6, "orders.csv has 5 rows; control.csv states 6: 1 row is missing: file://")]
    [InlineData(3, "orders.csv has 5 rows; control.csv states 3: 2 rows are too many: file://")]
    public async Task A_file_with_other_rows_than_the_control_file_states_is_not_published(int rows, string message)
    {
        await using var shop = await SmallShop.OpenAsync(server);
        shop.WriteDay().Write("control.csv", $"file,rows\norders.csv,{rows}\n");

        var run = await shop.RunAsync(SmallShop.Monday, "--Etl:Delivery:Control=control.csv");
        (run.ExitCode, run.Code).ShouldBe((3, "source_incomplete"));
        run.Error.ShouldContain(message);
        (await shop.QueryAsync("select count(*)::text from analytics.daily_orders")).ShouldBe(["0"]);

        (await shop.RunAsync(SmallShop.Monday)).ExitCode.ShouldBe(0);
    }

    [Theory]
    [InlineData("Marker", "there is no marker _SUCCESS in ")]
    [InlineData("Checksum", "there is no checksum of orders.csv, reviews.csv, shipment_deliveries.csv in ")]
    [InlineData("Control", "there is no control file control.csv in ")]
    [InlineData("Any", "there is no marker _SUCCESS, no checksum and no row of a control file for orders.csv, ")]
    public async Task A_delivery_without_the_required_evidence_is_not_read(string required, string what)
    {
        await using var shop = await SmallShop.OpenAsync(server);
        shop.WriteDay();

        string[] settings = [$"--Etl:Delivery:Require={required}", "--Etl:Delivery:Control=control.csv"];
        var run = await shop.RunAsync(SmallShop.Monday, settings);

        (run.ExitCode, run.Code).ShouldBe((3, "source_incomplete"));
        run.Error.ShouldContain($"The delivery is not complete: {what}");
        run.Error.ShouldContain($"Etl:Delivery:Require is {required}.");
    }

    [Fact]
    public async Task A_checksum_or_a_row_of_the_control_file_is_required_for_each_file()
    {
        await using var shop = await SmallShop.OpenAsync(server);
        shop.WriteDay();
        var orders = Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(shop.FileOf("orders.csv"))));
        shop.Write("SHA256SUMS", $"{orders}  orders.csv\n").Write("control.csv", "file,rows\norders.csv,5\n");

        (await shop.RunAsync(SmallShop.Monday, "--Etl:Delivery:Require=Checksum")).Error.ShouldContain(
            "there is no checksum of reviews.csv, shipment_deliveries.csv in "
        );
        (
            await shop.RunAsync(
                SmallShop.Monday,
                "--Etl:Delivery:Require=Control",
                "--Etl:Delivery:Control=control.csv"
            )
        ).Error.ShouldContain("the control file control.csv does not list reviews.csv, shipment_deliveries.csv in ");
    }

    [Fact]
    public async Task A_marker_that_is_older_than_a_file_is_ignored_with_a_warning()
    {
        await using var shop = await SmallShop.OpenAsync(server);
        shop.WriteDay().Write("_SUCCESS", "");
        File.SetLastWriteTimeUtc(
            shop.FileOf("reviews.csv"),
            File.GetLastWriteTimeUtc(shop.FileOf("_SUCCESS")).AddHours(1)
        );

        var run = await shop.RunAsync(SmallShop.Monday);
        run.ExitCode.ShouldBe(0, run.Error);
        run.Warnings.ShouldContain(w =>
            w.StartsWith("The marker _SUCCESS in ", StringComparison.Ordinal)
            && w.EndsWith("is older than reviews.csv and was ignored.", StringComparison.Ordinal)
        );

        var required = await shop.RunAsync(SmallShop.Monday, "--force", "--Etl:Delivery:Require=Marker");
        (required.ExitCode, required.Code).ShouldBe((3, "source_incomplete"));
        required.Error.ShouldContain("the marker _SUCCESS is older than reviews.csv");
        (await shop.QueryAsync("select distinct run_id from staging.orders")).ShouldBe(["20220905-001"]);
    }

    [Fact]
    public async Task A_marker_of_any_name_that_is_as_new_as_the_files_is_accepted()
    {
        await using var shop = await SmallShop.OpenAsync(server);
        shop.WriteDay().Write("done.txt", "");

        var run = await shop.RunAsync(
            SmallShop.Monday,
            "--Etl:Delivery:Require=Marker",
            "--Etl:Delivery:Marker=done.txt"
        );

        run.ExitCode.ShouldBe(0, run.Error);
        run.Warnings.ShouldNotContain(w => w.Contains("marker", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_a_list_names_must_exist_although_it_may_be_missing_by_setting()
    {
        await using var shop = await SmallShop.OpenAsync(server);
        shop.WriteDay().Write("SHA256SUMS", $"{OtherSha}  reviews.csv\n{OtherSha}  prices.csv\n");
        File.Delete(shop.FileOf("reviews.csv"));

        var run = await shop.RunAsync(SmallShop.Monday, "--Etl:Files:Reviews:Required=false");

        (run.ExitCode, run.Code).ShouldBe((3, "source_incomplete"));
        run.Error.ShouldContain("reviews.csv is missing: SHA256SUMS lists it, and there is no such file in ");
    }

    [Fact]
    public async Task An_optional_file_is_compared_with_its_checksum()
    {
        await using var shop = await SmallShop.OpenAsync(server);
        shop.WriteDay()
            .Write("dim_products.csv", "product_id,product_category,product_name\n1,a,b\n2,a,c\n")
            .Write("dim_products.csv.sha256", OtherSha);

        var run = await shop.RunAsync(SmallShop.Monday);

        (run.ExitCode, run.Code).ShouldBe((3, "source_incomplete"));
        run.Error.ShouldContain("dim_products.csv is not the file that was sent: dim_products.csv.sha256 states");
    }

    [Theory]
    [InlineData("SHA256SUMS", "orders.csv is complete\n", "line 1 does not start with a SHA-256 hash")]
    [InlineData("control.csv", "orders.csv,5\n", "its first line is not the header")]
    public async Task A_file_that_cannot_be_used_fails_the_run_and_is_named(string name, string content, string why)
    {
        await using var shop = await SmallShop.OpenAsync(server);
        shop.WriteDay().Write(name, content);

        var run = await shop.RunAsync(SmallShop.Monday, "--Etl:Delivery:Control=control.csv");

        (run.ExitCode, run.Code).ShouldBe((3, "source_incomplete"));
        run.Error.ShouldContain($"{name} cannot be used to verify the delivery: {why}");
    }

    [Fact]
    public async Task A_checksum_file_over_the_bound_is_not_read()
    {
        await using var shop = await SmallShop.OpenAsync(server);
        shop.WriteDay().Write("SHA256SUMS", new byte[(1 << 20) + 1]);

        (await shop.RunAsync(SmallShop.Monday)).Error.ShouldContain("it has 1,048,577 bytes, more than 1,048,576");
    }

    [Fact]
    public async Task A_missing_control_file_is_a_warning_unless_it_is_required()
    {
        await using var shop = await SmallShop.OpenAsync(server);
        shop.WriteDay();

        var run = await shop.RunAsync(SmallShop.Monday, "--Etl:Delivery:Control=control.csv");

        run.ExitCode.ShouldBe(0, run.Error);
        run.Warnings.ShouldContain(w =>
            w.StartsWith("There is no control file control.csv in ", StringComparison.Ordinal)
        );
        var invalid = await shop.RunAsync(SmallShop.Monday, "--Etl:Delivery:Require=Control");
        invalid.ExitCode.ShouldBe(2);
        invalid.Error.ShouldContain("Etl:Delivery:Control is not set, and Etl:Delivery:Require is Control");
    }

#pragma warning disable CA5351 // The format of senders, compared with their own statement; it protects nothing.
    private static string HexOfMd5(byte[] bytes) => Convert.ToHexStringLower(MD5.HashData(bytes));
#pragma warning restore CA5351
}
