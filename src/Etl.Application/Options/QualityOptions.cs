#pragma warning disable MA0016 // The configuration binder keeps a dictionary, and how it compares names, only by its class.
using Etl.Domain;
using FluentValidation;

namespace Etl.Application.Options;

/// <summary>Limits above which a run is not published. Section <c>Etl:Quality</c>.</summary>
public sealed class QualityOptions
{
    /// <summary>Largest share of rejected rows of a file, percent. Default 1.</summary>
    [Bounds(0, 100)]
    public decimal MaxRejectedPercent { get; set; } = 1;

    /// <summary>Largest number of rejected rows of a file. Default none: only the share counts.</summary>
    [Bounds(0, unit: "rows")]
    public long? MaxRejectedRows { get; set; }

    /// <summary>Longest record, bytes; a longer one is a rejected row. Default 1,048,576 (1 MiB).</summary>
    [Bounds(1024, 16 * 1024 * 1024, "bytes")]
    public int MaxRecordBytes { get; set; } = 1 << 20;

    /// <summary>
    /// Rejected rows of each dataset that the quarantine stores with their bytes, in file order; further ones are only counted.
    /// Default 10,000.
    /// </summary>
    [Bounds(0, unit: "rows")]
    public int MaxKeptRejects { get; set; } = 10_000;

    /// <summary>Texts that mean NULL besides the empty field, such as <c>\N</c>. Default none.</summary>
    public IList<string> NullTokens { get; } = [];

    /// <summary>A source file without a byte. Default <see cref="ArrivalPolicy.Fail"/>.</summary>
    public ArrivalPolicy OnEmptyFile { get; set; } = ArrivalPolicy.Fail;

    /// <summary>A source file with a header and no row. Default <see cref="ArrivalPolicy.Fail"/>.</summary>
    public ArrivalPolicy OnHeaderOnly { get; set; } = ArrivalPolicy.Fail;

    /// <summary>A source file with the bytes of an earlier business date. Default <see cref="ArrivalPolicy.Warn"/>.</summary>
    public ArrivalPolicy OnUnchanged { get; set; } = ArrivalPolicy.Warn;

    /// <summary>
    /// A source file with fewer rows than that of the previous business date, by at least <see cref="ShrunkPercent"/>, unless its
    /// sender states that it is complete (section <c>Etl:Delivery</c>). With fail or warn, one row fewer is a warning. A file
    /// with fewer rows whose final line end is newly missing always fails. Default <see cref="ArrivalPolicy.Fail"/>.
    /// </summary>
    public ArrivalPolicy OnShrunk { get; set; } = ArrivalPolicy.Fail;

    /// <summary>The same for single datasets, by their names. Default none: all have <see cref="OnShrunk"/>.</summary>
    public Dictionary<string, ArrivalPolicy> OnShrunkOf { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Smallest share of missing rows to which <see cref="OnShrunk"/> applies, percent. Default 10.</summary>
    [Bounds(0, 100)]
    public decimal ShrunkPercent { get; set; } = 10;

    /// <summary>The same for single datasets, by their names. Default none: all have <see cref="ShrunkPercent"/>.</summary>
    public Dictionary<string, decimal> ShrunkPercentOf { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// A number of rows that differs from that of the previous business date by more than <see cref="UnusualVolumePercent"/>,
    /// unless it is reported by <see cref="OnShrunk"/>. Default <see cref="ArrivalPolicy.Warn"/>.
    /// </summary>
    public ArrivalPolicy OnUnusualVolume { get; set; } = ArrivalPolicy.Warn;

    /// <summary>Largest usual difference from the previous business date's number of rows, percent. Default 50.</summary>
    [Bounds(0.01)]
    public decimal UnusualVolumePercent { get; set; } = 50;
}

/// <summary>What a run does about a source file that is missing, empty, unchanged or unusually large or small.</summary>
public enum ArrivalPolicy
{
    /// <summary>The run fails.</summary>
    Fail,

    /// <summary>The run goes on and says so.</summary>
    Warn,

    /// <summary>The run goes on.</summary>
    Allow,
}

internal sealed class QualityOptionsValidator : OptionsValidator<QualityOptions>
{
    public QualityOptionsValidator(DatasetCatalog datasets)
    {
        RuleForEach(o => o.NullTokens)
            .NotEmpty()
            .WithMessage("holds an empty text; remove it, as the empty field always means NULL.");
        var names = string.Join(", ", datasets.All.Select(d => d.Name));
        RuleForEach(o => o.OnShrunkOf.Keys)
            .Must(IsDataset)
            .OverridePropertyName(nameof(QualityOptions.OnShrunkOf))
            .WithMessage($"has a name that is not a dataset; the datasets are {names}.");
        RuleForEach(o => o.ShrunkPercentOf.Keys)
            .Must(IsDataset)
            .OverridePropertyName(nameof(QualityOptions.ShrunkPercentOf))
            .WithMessage($"has a name that is not a dataset; the datasets are {names}.");
        RuleForEach(o => o.ShrunkPercentOf.Values)
            .InclusiveBetween(0, 100)
            .OverridePropertyName(nameof(QualityOptions.ShrunkPercentOf))
            .WithMessage("has a value out of bounds; give a number from 0 to 100.");

        bool IsDataset(string name) =>
            datasets.All.Any(d => string.Equals(d.Name, name, StringComparison.OrdinalIgnoreCase));
    }
}
