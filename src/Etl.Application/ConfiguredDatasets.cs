using Etl.Application.Options;
using Etl.Domain;
using Etl.Domain.Datasets;

namespace Etl.Application;

/// <summary>Applies the settings of files and ids to the descriptions of datasets: everything else derives from the result.</summary>
/// <param name="files">The options of each section of <c>Etl:Files</c>, by its name; without a section, nothing is set.</param>
/// <param name="ids">What ids are.</param>
/// <param name="fallback">What applies where no section of <c>Etl:Files</c> sets anything.</param>
public sealed class ConfiguredDatasets(Func<string, FileFormatOptions> files, IdOptions ids, FormatFallback fallback)
{
    /// <summary>The section that applies where a dataset's own sets nothing.</summary>
    public const string Default = "Default";

    /// <summary>The sections besides those of datasets.</summary>
    public static IReadOnlyList<string> OtherSections { get; } = [Default, "Products", "Dates"];

    /// <summary>The name of a dataset's section.</summary>
    public static string SectionOf(string dataset) => char.ToUpperInvariant(dataset[0]) + dataset[1..];

    /// <summary>The datasets as the settings declare them. Invalid settings, which the host refuses, count as not set.</summary>
    public DatasetCatalog Apply(DatasetCatalog described) => new(described.All.Select(Apply));

    /// <summary>The format of a file that no dataset describes.</summary>
    /// <param name="section">Its section, one of <see cref="OtherSections"/>.</param>
    public FileFormat FormatOf(string section) => Resolver(section).Resolve(dataset: null);

    /// <summary>What is invalid in the settings of files: each setting with its error.</summary>
    public IEnumerable<(string Setting, string Error)> Errors(DatasetCatalog described) =>
        OtherSections
            .Select(section => ErrorsOf(section, dataset: null))
            .Concat(described.All.Select(d => ErrorsOf(SectionOf(d.Name), d)))
            .SelectMany(e => e)
            .Distinct();

    private Dataset Apply(Dataset dataset) =>
        ids.Apply(dataset) with
        {
            Format = Resolver(SectionOf(dataset.Name)).Resolve(dataset),
        };

    private IReadOnlyList<(string Setting, string Error)> ErrorsOf(string section, Dataset? dataset)
    {
        var resolver = Resolver(section);
        resolver.Resolve(dataset);
        return resolver.Errors;
    }

    private FormatResolver Resolver(string section) => new(section, files(section), files(Default), fallback);
}
