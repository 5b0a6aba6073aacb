using Etl.Application.Errors;
using Etl.Application.Extract;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Infrastructure.Aws;
using Etl.Infrastructure.Extract;
using Etl.TestKit;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Extract;

public sealed class FolderSourceTests : IDisposable
{
    private static readonly BusinessDate Day = BusinessDate.Parse("2022-09-05");
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_first_existing_file_name_is_found()
    {
        folder.Write("shipments.csv", "old");
        folder.Write("shipments_deliveries.csv", "new!");
        folder.Write("shipment_deliveries.csv.bak", "no");

        var file = await FindAsync("shipment_deliveries.csv", "shipments_deliveries.csv", "shipments.csv");

        file.ShouldNotBeNull();
        file.FileName.ShouldBe("shipments_deliveries.csv");
        file.Bytes.ShouldBe(4);
        file.Uri.ShouldStartWith("file:///");
    }

    [Fact]
    public async Task Names_in_a_folder_that_begin_so_are_listed_in_order()
    {
        string[] files = ["orders_2.csv", "orders_1.csv", "Orders_3.csv", "reviews.csv", "old/orders_4.csv"];
        files.ToList().ForEach(n => folder.Write(n, "x"));
        Directory.CreateDirectory(folder["orders_folder"]);

        (await Source.ListAsync(Day, "", "orders", default)).ShouldBe(["orders_1.csv", "orders_2.csv"]);
        (await Source.ListAsync(Day, "old", "", default)).ShouldBe(["orders_4.csv"]);
        (await Source.ListAsync(Day, "none", "", default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Too_many_names_are_not_listed()
    {
        for (var i = 0; i <= ISourceStore.MaxListed; i++)
        {
            await File.Create(folder[$"orders_{i}.csv"]).DisposeAsync();
        }

        var error = (await Should.ThrowAsync<EtlException>(() => Source.ListAsync(Day, "", "orders_", default))).Error;

        error.Code.ShouldBe(ErrorCode.SourceAmbiguous);
        error.Message.ShouldBe($"More than 10,000 files begin with {folder["orders_"]}");
        (await Source.ListAsync(Day, "", "orders_9999.", default)).ShouldBe(["orders_9999.csv"]);
    }

    [Fact]
    public async Task A_file_of_a_sub_folder_knows_its_folder()
    {
        folder.Write("2022/09/orders.csv", "x");

        var file = (await FindAsync("orders.csv", "2022/09/orders.csv"))!;

        (file.Folder, file.FileName, file.Path).ShouldBe(("2022/09", "orders.csv", "2022/09/orders.csv"));
    }

    [Fact]
    public async Task File_names_match_exactly()
    {
        folder.Write("Orders.CSV", "x");

        (await FindAsync("orders.csv")).ShouldBeNull();
    }

    [Fact]
    public async Task The_date_replaces_its_placeholder_in_the_location()
    {
        folder.Write("2022-09-05/orders.csv", "x");
        var source = new FolderSource(folder["{date}"]);

        source.Describe(Day).ShouldBe(folder["2022-09-05"]);
        new FolderSource("in/{date:yyyy/MM}/{date:dd}").Describe(Day).ShouldBe("in/2022/09/05");
        (await source.FindAsync(Day, ["orders.csv"], default)).ShouldNotBeNull();
        var exception = await Should.ThrowAsync<EtlException>(() =>
            source.FindAsync(BusinessDate.Parse("2022-09-06"), ["orders.csv"], default)
        );
        exception.Error.Code.ShouldBe(ErrorCode.SourceMissing);
        exception.Error.Message.ShouldContain(folder["2022-09-06"]);
    }

    [Fact]
    public async Task The_pinned_file_is_read()
    {
        folder.Write("orders.csv", "order_id\n1\n");

        var file = (await FindAsync("orders.csv"))!;

        (await ReadAsync(file)).ShouldBe("order_id\n1\n");
        await Source.VerifyUnchangedAsync(file, default);
        (await FindAsync("orders.csv")).ShouldBe(file);
    }

    [Fact]
    public async Task A_replaced_file_of_the_same_size_and_time_is_a_changed_source()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux(),
            "Other systems identify a file by its creation time, if the file system has one."
        );
        var path = folder.Write("orders.csv", "aaaa");
        var file = (await FindAsync("orders.csv"))!;
        var other = folder.Write("other.csv", "bbbb");
        File.SetLastWriteTimeUtc(other, File.GetLastWriteTimeUtc(path));
        File.Move(other, path, overwrite: true);

        (await CodeOfAsync(() => Source.OpenAsync(file, default))).ShouldBe(ErrorCode.SourceChanged);
        (await CodeOfAsync(() => Source.VerifyUnchangedAsync(file, default))).ShouldBe(ErrorCode.SourceChanged);
    }

    [Fact]
    public async Task A_deleted_file_is_a_changed_source()
    {
        var path = folder.Write("orders.csv", "aaaa");
        var file = (await FindAsync("orders.csv"))!;
        File.Delete(path);

        (await CodeOfAsync(() => Source.OpenAsync(file, default))).ShouldBe(ErrorCode.SourceChanged);
        (await CodeOfAsync(() => Source.VerifyUnchangedAsync(file, default))).ShouldBe(ErrorCode.SourceChanged);
    }

    [Theory]
    [InlineData("aaaabbbb", "grew")]
    [InlineData("aa", "truncated")]
    public async Task A_file_that_changes_while_it_is_read_ends_the_read(string later, string message)
    {
        var path = folder.Write("orders.csv", "aaaa");
        var file = (await FindAsync("orders.csv"))!;
        await using var stream = await Source.OpenAsync(file, default);
        await File.WriteAllTextAsync(path, later);

        var exception = await Should.ThrowAsync<EtlException>(() => new StreamReader(stream).ReadToEndAsync());

        exception.Error.Code.ShouldBe(ErrorCode.SourceChanged);
        exception.Error.Message.ShouldContain(message);
        (await CodeOfAsync(() => Source.VerifyUnchangedAsync(file, default))).ShouldBe(ErrorCode.SourceChanged);
    }

    [Fact]
    public async Task A_folder_instead_of_a_file_is_not_reported_as_a_missing_file()
    {
        Directory.CreateDirectory(folder["orders.csv"]);

        var exception = await Should.ThrowAsync<EtlException>(() => FindAsync("orders.csv"));

        exception.Error.Code.ShouldBe(ErrorCode.SourceUnreadable);
        exception.Error.Message.ShouldContain(folder["orders.csv"]);
    }

    [Fact]
    public async Task A_pipe_instead_of_a_file_is_an_error_and_does_not_block()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Made with mkfifo.");
        await System.Diagnostics.Process.Start("mkfifo", folder["orders.csv"]).WaitForExitAsync();

        (await CodeOfAsync(() => FindAsync("orders.csv"))).ShouldBe(ErrorCode.SourceUnreadable);
    }

    [Fact]
    public async Task A_file_without_read_permission_is_reported_with_the_fix()
    {
        Assert.SkipWhen(
            OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess,
            "This user may read all files."
        );
        TempFolder.Allow(folder.Write("orders.csv", "x"), UnixFileMode.None);

        var exception = await Should.ThrowAsync<EtlException>(() => FindAsync("orders.csv"));

        exception.Error.Code.ShouldBe(ErrorCode.SourceUnreadable);
        exception.Error.NextStep.ShouldContain("chmod");
    }

    [Fact]
    public async Task A_file_instead_of_the_source_folder_is_not_reported_as_a_missing_source()
    {
        folder.Write("in", "x");

        var file = await Should.ThrowAsync<EtlException>(() =>
            new FolderSource(folder["in"]).FindAsync(Day, ["orders.csv"], default)
        );
        var nothing = await Should.ThrowAsync<EtlException>(() =>
            new FolderSource(folder["out"]).FindAsync(Day, ["orders.csv"], default)
        );

        file.Error.Message.ShouldContain("a file, not a folder");
        nothing.Error.Message.ShouldContain("does not exist");
        (file.Error.Code, nothing.Error.Code).ShouldBe((ErrorCode.SourceMissing, ErrorCode.SourceMissing));
    }

    [Fact]
    public void A_missing_location_is_a_configuration_error_of_who_reads_files()
    {
        using var s3 = new S3Access(Options.Create(new S3Options()));
        var source = ExtractServices.Open(new SourceOptions(), s3, TimeProvider.System);

        var exception = Should.Throw<EtlException>(() => source.FindAsync(Day, ["orders.csv"], default));

        exception.Error.Code.ShouldBe(ErrorCode.Configuration);
        exception.Error.Message.ShouldContain("No source is set");
    }

    private FolderSource Source => new(folder.Root);

    private Task<SourceFile?> FindAsync(params string[] names) => Source.FindAsync(Day, names, default);

    private async Task<string> ReadAsync(SourceFile file)
    {
        await using var stream = await Source.OpenAsync(file, default);
        return await new StreamReader(stream).ReadToEndAsync();
    }

    private static async Task<ErrorCode> CodeOfAsync(Func<Task> work) =>
        (await Should.ThrowAsync<EtlException>(work)).Error.Code;
}
