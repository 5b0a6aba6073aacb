using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Etl.ArchitectureTests.Docs;

/// <summary>The XML documentation beside the assemblies, as Markdown.</summary>
internal sealed partial class XmlDocs
{
    private readonly Dictionary<string, XElement> members;

    public XmlDocs(params string[] assemblies) =>
        members = assemblies
            .SelectMany(a =>
                XDocument.Load(Path.Combine(AppContext.BaseDirectory, $"{a}.xml")).Descendants("member").ToList()
            )
            .DistinctBy(m => m.Attribute("name")!.Value) // generated types are in each assembly
            .ToDictionary(m => m.Attribute("name")!.Value);

    public string Of(Type type) => Summary($"T:{type.FullName}");

    public string Of(PropertyInfo property) => Summary($"P:{property.DeclaringType!.FullName}.{property.Name}");

    /// <summary>The meaning of an enum value.</summary>
    public string Of(Type type, string value) => Summary($"F:{type.FullName}.{value}");

    private string Summary(string member) =>
        members.TryGetValue(member, out var found) && found.Element("summary") is { } summary
            ? White().Replace(string.Concat(summary.Nodes().Select(Markdown)), " ").Trim()
            : "";

    private static string Markdown(XNode node) =>
        node switch
        {
            XText text => text.Value,
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XElement { Name.LocalName: "see" } see when see.Attribute("langword") is { } word => $"`{word.Value}`",
            XElement { Name.LocalName: "see" } see => $"`{see.Attribute("cref")!.Value.Split('.', ':')[^1]}`",
            XElement { Name.LocalName: "paramref" } name => $"`{name.Attribute("name")!.Value}`",
            XElement other => string.Concat(other.Nodes().Select(Markdown)),
            _ => "",
        };

    [GeneratedRegex(@"\s+")]
    private static partial Regex White();
}
