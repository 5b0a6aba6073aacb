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
    public static IReadOnlyList<string> OtherSections { get; } =
    [Default, .. OptionalDatasets.BuiltIn.All.Select(d => FileFormatOptions.SectionOf(d.Name))];

    /// <summary>The datasets as the settings declare them. Invalid settings, which the host refuses, count as not set.</summary>
    public DatasetCatalog Apply(DatasetCatalog described) => new(described.All.Select(Apply));

    /// <inheritdoc cref="Apply(DatasetCatalog)"/>
    public OptionalDatasets Apply(OptionalDatasets described) =>
        new(
            Apply(described.Products) with
            {
                Parts = FileParts.One,
            },
            Apply(described.Dates) with
            {
                Parts = FileParts.One,
            }
        );

    /// <summary>What is invalid in the settings of files: each setting with its error.</summary>
    public IEnumerable<(string Setting, string Error)> Errors(DatasetCatalog described) =>
        described
            .All.Concat(OptionalDatasets.BuiltIn.All)
            .Select(d => ErrorsOf(FileFormatOptions.SectionOf(d.Name), d))
            .Prepend(ErrorsOf(Default, dataset: null))
            .Append(KeyErrors(Apply(described)))
            .SelectMany(e => e)
            .Distinct();

    /// <summary>The rows of a model are identified by the key of the dataset that drives it.</summary>
    private static IEnumerable<(string Setting, string Error)> KeyErrors(DatasetCatalog datasets) =>
        datasets
            .Modeled.Where(d => datasets.Named(d.Model!.Every).Key.Count == 0)
            .Select(d =>
                (
                    $"Etl:Files:{FileFormatOptions.SectionOf(d.Model!.Every)}:Key",
                    $"declares no key, and {d.Model.File} needs one to identify the rows; name the columns that together are unique."
                )
            );

    private Dataset Apply(Dataset dataset)
    {
        var section = FileFormatOptions.SectionOf(dataset.Name);
        var typed = Typed(dataset);
        var format = Resolver(section).Resolve(typed);
        return typed with
        {
            // The values of a model are written by the database; only the words that mean NULL can be declared.
            Format = dataset.Model is null ? format : FileFormat.Standard with { NullTokens = format.NullTokens },
            FileNames = NamesOf(section) ?? dataset.FileNames,
        };
    }

    private List<string>? NamesOf(string section) =>
        new[] { section, Default }
            .Select(s => (files(s).Names ?? []).Where(n => FilePattern.FindError(n) is null).ToList())
            .FirstOrDefault(n => n.Count > 0);

    private IEnumerable<(string Setting, string Error)> ErrorsOf(string section, Dataset? dataset)
    {
        var resolver = Resolver(section);
        resolver.Resolve(dataset is null ? null : Typed(dataset));
        var isLoaded = !OtherSections.Contains(section);
        return resolver.Errors.ToList().Concat(Settings(section).Errors(isLoaded ? dataset : null));
    }

    /// <summary>With the types of its columns and the key that settings state.</summary>
    private Dataset Typed(Dataset dataset) =>
        Settings(FileFormatOptions.SectionOf(dataset.Name)).Apply(ids.Apply(dataset));

    private DatasetSettings Settings(string section) => new(section, files(section), files(Default));

    private FormatResolver Resolver(string section) => new(section, files(section), files(Default), fallback);
}
