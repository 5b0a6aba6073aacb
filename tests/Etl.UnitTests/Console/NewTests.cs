using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Console;

/// <summary><c>etl new</c>, and <c>etl sample</c> for what it created.</summary>
public sealed class NewTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("dataset", "datasets/returns.json")]
    [InlineData("mart", "marts/returns.sql")]
    [InlineData("test", "tests/returns.sql")]
    [InlineData("model", "models/shipments.sql", "shipments")]
    public async Task A_template_is_created_once(string kind, string path, string name = "returns")
    {
        var created = new Screen();
        (await created.RunAsync("new", kind, name, Setting, "--json")).ShouldBe(0);
        JsonSchema.OfDocs.Violations("new", created.Json).ShouldBeEmpty();
        created.Json.GetProperty("path").GetString().ShouldBe(folder[path]);
        File.ReadAllText(folder[path]).ShouldNotContain("NAME", Case.Sensitive);
        File.ReadAllText(folder[path]).ShouldNotContain("COLUMNS", Case.Sensitive);

        await File.WriteAllTextAsync(folder[path], "mine");
        var again = new Screen();
        (await again.RunAsync("new", kind, name, Setting)).ShouldBe(2);
        again.Error.ShouldStartWith($"error: {folder[path]} exists; it was not changed.");
        File.ReadAllText(folder[path]).ShouldBe("mine");
    }

    [Theory]
    [InlineData("../returns", null, "NAME is not a name for a table.")]
    [InlineData("Returns", null, "NAME is not a name for a table.")]
    [InlineData(
        "returns",
        "--Etl:Extensions:Directory=s3://bucket/own",
        "Etl:Extensions:Directory does not name a folder of this machine."
    )]
    [InlineData("returns", "--Etl:Run:Retries=0", "Etl:Extensions:Directory does not name a folder of this machine.")]
    public async Task A_name_or_a_folder_that_cannot_be_used_is_refused(string name, string? setting, string error)
    {
        var screen = new Screen();
        (await screen.RunAsync("new", "mart", name, setting ?? Setting)).ShouldBe(2);
        screen.Error.ShouldStartWith($"error: {error}");
        Directory.EnumerateFileSystemEntries(folder.Root).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_model_has_the_name_of_a_built_in_dataset()
    {
        var screen = new Screen();
        (await screen.RunAsync("new", "model", "returns", Setting)).ShouldBe(2);
        screen.Error.ShouldStartWith("error: NAME is not a dataset that a model can give.");
        screen.Error.ShouldContain("Give orders, reviews or shipments.", Case.Sensitive);
        Directory.EnumerateFileSystemEntries(folder.Root).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_sample_has_rows_of_a_declared_dataset_that_its_check_accepts()
    {
        folder.Write(
            "datasets/returns.json",
            """
            {
              "name": "returns",
              "files": ["{date:yyyy}/returns_*.csv"],
              "columns": [
                { "name": "order_id", "type": "id(order)" },
                { "name": "line", "type": "quantity", "min": 7 },
                { "name": "refund", "type": "signed_money", "min": -12.5, "max": 1 },
                { "name": "day", "type": "date", "max": "2020-02-29" },
                { "name": "note", "type": "text" }
              ],
              "key": ["order_id", "line"],
              "format": { "delimiter": ";", "decimalSeparator": ",", "dateFormats": ["dd.MM.yyyy"], "encoding": "utf-16" }
            }
            """
        );
        var sample = new Screen();
        (await sample.RunAsync("sample", "--out", folder["in"], "--scale", "400", Setting)).ShouldBe(0);
        File.Exists(folder["in/2025/returns_1.csv"]).ShouldBeTrue(sample.Out);

        var check = new Screen();
        (await check.RunAsync("check", "--source", folder["in"], "--date", "2025-06-30", Setting, "--json")).ShouldBe(
            0
        );
        var returns = check.Json.GetProperty("files").EnumerateArray().Last();
        (returns.GetProperty("accepted").GetInt64(), returns.GetProperty("rejected").GetInt64()).ShouldBe((200, 0));
    }

    private string Setting => $"--Etl:Extensions:Directory={folder.Root}";
}
