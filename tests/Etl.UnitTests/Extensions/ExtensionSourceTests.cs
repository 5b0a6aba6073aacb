using Etl.Application.Errors;
using Etl.Infrastructure.Aws;
using Etl.Infrastructure.Extensions;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Extensions;

public sealed class ExtensionSourceTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Files_are_read_by_path_and_others_are_ignored()
    {
        foreach (
            var path in new[]
            {
                "tests/b.sql",
                "marts/a.sql",
                "datasets/c.json",
                "README.md",
                "marts/.x.sql",
                "marts/y.sql~",
            }
        )
        {
            folder.Write(path, path);
        }

        var files = await ReadAsync(folder.Root);
        files.Select(f => f.Path).ShouldBe(["datasets/c.json", "marts/a.sql", "tests/b.sql"]);
        files[1].Text.ShouldBe("marts/a.sql");
        files[1].Location.ShouldBe(folder["marts/a.sql"]);
    }

    [Theory]
    [InlineData("returns.json")]
    [InlineData("marts/returns.json")]
    [InlineData("datasets/returns.sql")]
    [InlineData("models/orders.json")]
    public async Task A_file_in_a_wrong_place_is_an_error(string path)
    {
        folder.Write(path, "x");
        (await RefusedAsync(folder.Root)).ShouldBe(
            $"{folder.Root} has the file {path}, which is in none of datasets/*.json, models/*.sql, marts/*.sql, tests/*.sql."
        );
    }

    [Fact]
    public async Task Number_and_size_of_files_are_bounded()
    {
        folder.Write("marts/big.sql", new string('x', (256 * 1024) + 1));
        (await RefusedAsync(folder.Root)).ShouldBe($"{folder["marts/big.sql"]} has more than 262144 bytes.");
        File.Delete(folder["marts/big.sql"]);
        foreach (var i in Enumerable.Range(0, 201))
        {
            folder.Write($"tests/t{i}.sql", "");
        }

        (await RefusedAsync(folder.Root)).ShouldBe($"{folder.Root} has more than 200 files.");
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_named()
    {
        folder.Write("marts/a.sql", "x");
        File.CreateSymbolicLink(folder["marts/b.sql"], folder["missing"]);
        (await RefusedAsync(folder.Root)).ShouldBe(
            $"{folder["marts/b.sql"]}, of Etl:Extensions:Directory, cannot be read."
        );
    }

    [Fact]
    public async Task A_missing_folder_and_bytes_that_are_not_UTF_8_are_errors()
    {
        (await RefusedAsync(folder["none"])).ShouldBe(
            $"Etl:Extensions:Directory is {folder["none"]}, which is not a folder."
        );
        Should
            .Throw<EtlException>(() => new SourceText("marts/a.sql", "a.sql", [0xC4]).Text)
            .Message.ShouldBe("a.sql is not UTF-8.");
    }

    private static Task<IReadOnlyList<SourceText>> ReadAsync(string location) =>
        ExtensionSource.ReadAsync(location, new S3Options(), CancellationToken.None);

    private static async Task<string> RefusedAsync(string location)
    {
        var error = (await Should.ThrowAsync<EtlException>(ReadAsync(location))).Error;
        error.Code.ShouldBe(ErrorCode.Configuration);
        return error.Message;
    }
}
