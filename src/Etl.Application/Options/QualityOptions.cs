namespace Etl.Application.Options;

/// <summary>What a run bears before it refuses to publish. Section <c>Etl:Quality</c>.</summary>
public sealed class QualityOptions
{
    /// <summary>Largest share of rejected rows of a file, percent, 0 to 100. Default 1.</summary>
    public decimal MaxRejectedPercent { get; set; } = 1;

    /// <summary>Largest number of rejected rows of a file. Default none: only the share counts.</summary>
    public long? MaxRejectedRows { get; set; }

    /// <summary>Longest record, bytes, 1,024 to 16,777,216; a longer one is a rejected row. Default 1,048,576 (1 MiB).</summary>
    public int MaxRecordBytes { get; set; } = 1 << 20;

    /// <summary>
    /// Most rejected rows of each file, the first ones, that the quarantine keeps with their bytes; further ones are counted.
    /// Default 10,000.
    /// </summary>
    public int MaxKeptRejects { get; set; } = 10_000;

    /// <summary>Words that mean NULL besides the empty field, such as <c>\N</c>. Default none.</summary>
    public IList<string> NullTokens { get; } = [];

    /// <summary>A source file without a byte. Default <see cref="ArrivalPolicy.Fail"/>.</summary>
    public ArrivalPolicy OnEmptyFile { get; set; } = ArrivalPolicy.Fail;

    /// <summary>A source file with a header and no row. Default <see cref="ArrivalPolicy.Fail"/>.</summary>
    public ArrivalPolicy OnHeaderOnly { get; set; } = ArrivalPolicy.Fail;

    /// <summary>A source file that is not there; with warn or allow it counts as empty. Default <see cref="ArrivalPolicy.Fail"/>.</summary>
    public ArrivalPolicy OnMissing { get; set; } = ArrivalPolicy.Fail;

    /// <summary>A source file with the bytes of the business date before. Default <see cref="ArrivalPolicy.Warn"/>.</summary>
    public ArrivalPolicy OnUnchanged { get; set; } = ArrivalPolicy.Warn;

    /// <summary>A number of rows far off the last succeeded run's. Default <see cref="ArrivalPolicy.Warn"/>.</summary>
    public ArrivalPolicy OnUnusualVolume { get; set; } = ArrivalPolicy.Warn;

    /// <summary>How far off is far, percent of the last succeeded run's rows. Default 50.</summary>
    public decimal UnusualVolumePercent { get; set; } = 50;
}
