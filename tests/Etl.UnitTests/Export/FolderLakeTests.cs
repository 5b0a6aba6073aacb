using System.Security.Cryptography;
using System.Text;
using Etl.Application.Errors;
using Etl.Application.Export;
using Etl.Application.Runs;
using Etl.Infrastructure.Aws;
using Etl.Infrastructure.Export;
using Etl.Infrastructure.Export.Lake;
using Etl.TestKit;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Export;

public sealed class FolderLakeTests : IDisposable
{
    private const string Key = "analytics_export/business_date=2022-09-05/run=20220905-001/daily_orders.csv";
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_written_object_has_its_key_and_the_size_and_hash_are_returned()
    {
        var written = await WriteAsync(Key, "day,orders\n");

        File.ReadAllText(folder[Key]).ShouldBe("day,orders\n");
        written.Uri.ShouldBe(Lake.Locate(Key));
        written.Bytes.ShouldBe(11);
        written.Sha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("day,orders\n"))));
        Drafts().ShouldBeEmpty();
    }

    [Fact]
    public async Task Writing_the_same_bytes_again_succeeds()
    {
        var first = await WriteAsync(Key, "same");

        (await WriteAsync(Key, "same")).ShouldBe(first);
        Drafts().ShouldBeEmpty();
    }

    [Fact]
    public async Task Writing_other_bytes_is_a_conflict_and_keeps_the_first_object()
    {
        await WriteAsync(Key, "first");

        var exception = await Should.ThrowAsync<EtlException>(() => WriteAsync(Key, "other"));

        exception.Error.Code.ShouldBe(ErrorCode.LakeConflict);
        exception.Error.Message.ShouldContain("run=20220905-001");
        File.ReadAllText(folder[Key]).ShouldBe("first");
        Drafts().ShouldBeEmpty();
    }

    [Fact]
    public async Task One_of_several_concurrent_writers_wins_and_the_others_get_a_conflict()
    {
        var outcomes = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(async i =>
                {
                    try
                    {
                        return (await WriteAsync(Key, $"writer {i}")).Sha256;
                    }
                    catch (EtlException exception)
                    {
                        return exception.Error.Code.ToString();
                    }
                })
        );

        outcomes.Count(o => o == nameof(ErrorCode.LakeConflict)).ShouldBe(7);
        outcomes.ShouldContain(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(folder[Key]))));
        Drafts().ShouldBeEmpty();
    }

    [Fact]
    public async Task An_incomplete_or_failed_object_is_not_visible()
    {
        await Should.ThrowAsync<InvalidOperationException>(() =>
            Lake.WriteOnceAsync(
                Key,
                async (stream, token) =>
                {
                    await stream.WriteAsync("half"u8.ToArray(), token);
                    File.Exists(folder[Key]).ShouldBeFalse();
                    Drafts().Count(d => d.EndsWith(".tmp", StringComparison.Ordinal)).ShouldBe(1);
                    throw new InvalidOperationException("The query failed.");
                },
                default
            )
        );

        File.Exists(folder[Key]).ShouldBeFalse();
        Drafts().ShouldBeEmpty();
    }

    [Fact]
    public async Task Temporary_files_of_killed_writers_are_deleted_and_those_of_live_writers_are_kept()
    {
        var folderOfRun = Path.GetDirectoryName(Key)!;
        folder.Write(Path.Combine(folderOfRun, ".etl-abc.tmp"), "half");
        folder.Write(Path.Combine(folderOfRun, ".etl-def.tmp"), "half");
        folder.Write(Path.Combine(folderOfRun, ".etl-def.tmp.lock"), "");
        await Lake.WriteOnceAsync(
            Key,
            async (stream, token) =>
            {
                await stream.WriteAsync("whole"u8.ToArray(), token);
                await WriteAsync(Key.Replace("daily", "hourly", StringComparison.Ordinal), "in between");
            },
            default
        );

        File.ReadAllText(folder[Key]).ShouldBe("whole");
        Drafts().ShouldBeEmpty();
        Directory.GetFiles(folder[folderOfRun]).Length.ShouldBe(2);
    }

    [Fact]
    public async Task A_replacement_becomes_visible_at_once_and_the_size_and_hash_are_returned()
    {
        await WriteAsync(Key, "old and longer");

        var written = await Lake.ReplaceAsync(
            Key,
            async (stream, token) =>
            {
                await stream.WriteAsync("new"u8.ToArray(), token);
                File.ReadAllText(folder[Key]).ShouldBe("old and longer");
            },
            default
        );

        File.ReadAllText(folder[Key]).ShouldBe("new");
        written.ShouldBe(
            new LakeObject(Lake.Locate(Key), 3, Convert.ToHexStringLower(SHA256.HashData("new"u8.ToArray())))
        );
        Drafts().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_copy_replaces_the_existing_object()
    {
        await WriteAsync(Key, "new");
        folder.Write("analytics_export/latest/daily_orders.csv", "old and longer");

        await Lake.CopyAsync(Key, "analytics_export/latest/daily_orders.csv", default);

        File.ReadAllText(folder["analytics_export/latest/daily_orders.csv"]).ShouldBe("new");
        Drafts().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_copy_of_a_missing_object_fails_and_keeps_the_existing_one()
    {
        folder.Write("latest/daily_orders.csv", "old");

        (await CodeOfAsync(() => Lake.CopyAsync(Key, "latest/daily_orders.csv", default))).ShouldBe(ErrorCode.Lake);

        File.ReadAllText(folder["latest/daily_orders.csv"]).ShouldBe("old");
    }

    [Fact]
    public async Task A_file_where_the_lake_needs_a_folder_is_named()
    {
        var file = folder.Write("analytics_export", "a file");

        var exception = await Should.ThrowAsync<EtlException>(() => WriteAsync(Key, "x"));

        exception.Error.Code.ShouldBe(ErrorCode.Lake);
        exception.Error.Message.ShouldContain(file);
        exception.Error.NextStep.ShouldContain("--lake");
    }

    [Fact]
    public async Task A_folder_where_the_lake_needs_a_file_is_named()
    {
        Directory.CreateDirectory(folder[Key]);

        var exception = await Should.ThrowAsync<EtlException>(() => WriteAsync(Key, "x"));

        exception.Error.Code.ShouldBe(ErrorCode.Lake);
        exception.Error.Message.ShouldContain("the path is a folder");
    }

    [Fact]
    public async Task A_folder_without_write_permission_is_named()
    {
        Assert.SkipWhen(
            OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess,
            "This user may write anywhere."
        );
        TempFolder.Allow(folder.Root, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var exception = await Should.ThrowAsync<EtlException>(() => WriteAsync(Key, "x"));

        exception.Error.Message.ShouldContain("no permission to write to the lake");
    }

    [Fact]
    public void A_full_disk_is_reported_as_a_retryable_error()
    {
        var exception = LakeErrors.Explain("/lake/x", new IOException("no space", 28));

        exception.Error.Message.ShouldContain("is full");
        exception.Error.Retryable.ShouldBeTrue();
    }

    [Theory]
    [InlineData("../outside.csv")]
    [InlineData("a//b.csv")]
    [InlineData("/etc/x")]
    [InlineData(@"a\..\b")]
    public async Task A_key_cannot_leave_the_lake(string key) =>
        await Should.ThrowAsync<ArgumentException>(() => WriteAsync(key, "x"));

    [Fact]
    public void A_missing_location_is_a_configuration_error()
    {
        using var s3 = new S3Access(Options.Create(new S3Options()));

        var exception = Should.Throw<EtlException>(() =>
            ExportServices.Open(new LakeOptions(), s3, TimeProvider.System)
        );

        exception.Error.Code.ShouldBe(ErrorCode.Configuration);
        exception.Error.Message.ShouldContain("No lake is set");
    }

    private FolderLake Lake => new(folder.Root);

    private Task<LakeObject> WriteAsync(string key, string text) =>
        Lake.WriteOnceAsync(key, async (s, t) => await s.WriteAsync(Encoding.UTF8.GetBytes(text), t), default);

    private List<string> Drafts() =>
        [
            .. Directory.EnumerateFiles(
                folder.Root,
                ".etl-*",
                new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }
            ),
        ];

    private static async Task<ErrorCode> CodeOfAsync(Func<Task> work) =>
        (await Should.ThrowAsync<EtlException>(work)).Error.Code;
}
