using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.ArchitectureTests.Docs;

/// <summary>The variables and outputs of the root, and the tables of inputs and outputs, are those of the module.</summary>
public sealed class TerraformTests
{
    private const string Generated = "etl.tf";
    private const string Begin = "<!-- generated: inputs and outputs -->\n";

    [Fact]
    public void The_root_declares_and_passes_on_every_variable_and_output_of_the_module() =>
        Check(Path.Combine("terraform", Generated), _ => Etl.RootFile(new TerraformModule(".", Generated)));

    [Fact]
    public void The_columns_of_the_catalog_are_those_of_the_exported_tables() =>
        Check(Path.Combine("terraform", "modules", "etl", "glue-tables.tf"), _ => GlueTables.File());

    [Theory]
    [InlineData(".", "inputs-and-outputs.md")]
    [InlineData("modules/etl", "README.md")]
    [InlineData("modules/registry", "README.md")]
    public void The_tables_of_inputs_and_outputs_are_those_of_the_files(string module, string page)
    {
        var path = Path.Combine("terraform", module, page);
        Check(
            path,
            text =>
                text[..(text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length)]
                + "\n"
                + new TerraformModule(module).Tables()
        );
    }

    [Fact]
    public void Every_variable_and_output_has_a_description()
    {
        TerraformModule[] modules = [new("."), Etl, new("modules/registry")];
        modules.SelectMany(m => m.Variables).Count().ShouldBeGreaterThan(50);
        modules
            .SelectMany(m => m.Variables)
            .Where(v => v.Description.Length < 10 || v.Type.Length == 0)
            .Select(v => v.Name)
            .ShouldBeEmpty();
        modules.SelectMany(m => m.Outputs).Where(o => o.Description.Length < 10).Select(o => o.Name).ShouldBeEmpty();
    }

    private static TerraformModule Etl => new("modules/etl");

    private static void Check(string path, Func<string, string> expected)
    {
        var full = Path.Combine(Repository.Root, path);
        var text = File.Exists(full) ? File.ReadAllText(full) : "";
        var written = expected(text);
        if (Environment.GetEnvironmentVariable("ETL_GOLDEN") == "write")
        {
            File.WriteAllText(full, written);
            return;
        }

        text.ShouldBe(
            written,
            $"{path}: write it with ETL_GOLDEN=write dotnet test tests/Etl.ArchitectureTests --filter TerraformTests"
        );
    }
}
