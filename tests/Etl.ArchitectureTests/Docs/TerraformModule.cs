using System.Text.RegularExpressions;
using Etl.TestKit;

namespace Etl.ArchitectureTests.Docs;

/// <summary>
/// The variables and outputs of a Terraform module. They are described once, in modules/etl: the root's copies and the tables of
/// inputs and outputs are generated from it.
/// </summary>
internal sealed partial class TerraformModule
{
    private const string Required = "required";

    private const string Header =
        "# Generated from modules/etl by tests/Etl.ArchitectureTests with ETL_GOLDEN=write. Change the module instead.\n\n";

    /// <param name="path">Folder of the module, relative to the folder terraform.</param>
    /// <param name="generated">A file of it to leave out.</param>
    public TerraformModule(string path, string? generated = null)
    {
        var text = string.Join(
            "\n\n",
            Directory
                .EnumerateFiles(Path.Combine(Repository.Root, "terraform", path), "*.tf")
                .Where(f => Path.GetFileName(f) != generated)
                .OrderBy(Path.GetFileNameWithoutExtension, StringComparer.Ordinal)
                .Select(File.ReadAllText)
        );
        Variables = [.. Block().Matches(text).Where(Is("variable")).Select(m => new Variable(Name(m), Body(m)))];
        Outputs = [.. Block().Matches(text).Where(Is("output")).Select(m => new Output(Name(m), Description(Body(m))))];
    }

    public IReadOnlyList<Variable> Variables { get; }

    public IReadOnlyList<Output> Outputs { get; }

    /// <summary>The file of the root that declares the module's variables, passes them on and repeats the outputs.</summary>
    /// <param name="own">What the root declares itself.</param>
    public string RootFile(TerraformModule own)
    {
        var set = own.Variables.Select(v => v.Name).ToHashSet();
        var passed = Variables.Where(v => !set.Contains(v.Name)).ToList();
        var width = Variables.Max(v => v.Name.Length);
        string[] blocks =
        [
            """
                module "etl" {
                  source = "./modules/etl"
                  count  = var.registry_only ? 0 : 1


                """
                + string.Join(
                    '\n',
                    Variables.Select(v =>
                        $"  {v.Name.PadRight(width)} = {(set.Contains(v.Name) ? "local" : "var")}.{v.Name}"
                    )
                )
                + "\n}\n",
            .. passed.Select(v => v.Declaration),
            .. Outputs.Select(o =>
                $$"""
                    output "{{o.Name}}" {
                      description = "{{o.Description}}"
                      value       = one(module.etl[*].{{o.Name}})
                    }

                    """
            ),
        ];
        return Header + string.Join('\n', blocks);
    }

    /// <summary>The tables of inputs and outputs.</summary>
    public string Tables()
    {
        string[] lines =
        [
            "## Inputs",
            "",
            "| name | type | default | description |",
            "|---|---|---|---|",
            .. Variables
                .OrderBy(v => v.Default != Required)
                .Select(v => $"| `{v.Name}` | `{v.Type}` | {v.Default} | {Cell(v.Description)} |"),
            "",
            "## Outputs",
            "",
            "| name | description |",
            "|---|---|",
            .. Outputs.Select(o => $"| `{o.Name}` | {Cell(o.Description)} |"),
            "",
        ];
        return string.Join('\n', lines);
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    private static Func<Match, bool> Is(string kind) => m => m.Groups["kind"].Value == kind;

    private static string Name(Match block) => block.Groups["name"].Value;

    private static string Body(Match block) => block.Groups["body"].Value;

    private static string Description(string body) =>
        Heredoc().Match(body) is { Success: true } text
            ? Spaces().Replace(text.Groups["text"].Value, " ").Trim()
            : OneLine().Match(body).Groups["text"].Value;

    [GeneratedRegex(
        """^(?<kind>variable|output) "(?<name>\w+)" \{\n(?<body>.*?\n)\}$""",
        Multiline | RegexOptions.Singleline
    )]
    private static partial Regex Block();

    [GeneratedRegex("""^  validation \{\n.*?\n  \}\n""", Multiline | RegexOptions.Singleline)]
    private static partial Regex Validation();

    [GeneratedRegex("""^  description += <<-EOT\n(?<text>.*?)\n  EOT$""", Multiline | RegexOptions.Singleline)]
    private static partial Regex Heredoc();

    [GeneratedRegex("""^  description += "(?<text>.*)"$""", Multiline)]
    private static partial Regex OneLine();

    [GeneratedRegex("""^  type += (?<type>.*?)(?=\n  \w|\n\n  \w|\n*\z)""", Multiline | RegexOptions.Singleline)]
    private static partial Regex TypeOf();

    [GeneratedRegex("""^  default += (?<default>.*)$""", Multiline)]
    private static partial Regex DefaultOf();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    private const RegexOptions Multiline = RegexOptions.Multiline;

    /// <summary>A variable and the text of its block.</summary>
    internal sealed record Variable(string Name, string Body)
    {
        /// <summary>The block without validations, which the module applies.</summary>
        public string Declaration => $"variable \"{Name}\" {{\n{Validation().Replace(Body, "").TrimEnd()}\n}}\n";

        public string Description => Description(Body).Replace("\\\"", "\"", StringComparison.Ordinal);

        public string Type =>
            Spaces()
                .Replace(TypeOf().Match(Validation().Replace(Body, "")).Groups["type"].Value.Trim(), " ")
                .Replace("({ ", "({", StringComparison.Ordinal)
                .Replace(" })", "})", StringComparison.Ordinal)
                .Replace(") ", "), ", StringComparison.Ordinal)
                .Replace("string ", "string, ", StringComparison.Ordinal);

        public string Default =>
            DefaultOf().Match(Body) is { Success: true } match ? $"`{match.Groups["default"].Value}`" : Required;
    }

    /// <summary>An output.</summary>
    internal sealed record Output(string Name, string Description);
}
