using System.Text.Json.Serialization;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.Domain.Runs;

namespace Etl.Application.Runs;

/// <summary>A source file, pinned.</summary>
/// <param name="Uri">The full location, <c>file://</c> or <c>s3://</c>.</param>
/// <param name="FileName">The name without folder or prefix.</param>
/// <param name="Version">Identifies the bytes: a version ID, an ETag, or a folder's size and time of change.</param>
/// <param name="Bytes">Size in bytes at the time of pinning.</param>
public sealed record SourceFile(string Uri, string FileName, string Version, long Bytes)
{
    /// <summary>Its folder below the source; empty for a file of the source itself.</summary>
    public string Folder { get; init; } = "";

    /// <summary>Folder and name: the key of a part within its dataset, by which parts are ordered.</summary>
    public string Path => FilePattern.PathOf(Folder, FileName);

    /// <summary>When it was written, by the clock of its store; on S3 to the second.</summary>
    public DateTimeOffset ModifiedAt { get; init; }

    /// <summary>What its sender states about it; empty if the sender states nothing.</summary>
    public IReadOnlyList<StatedContent> Stated { get; init; } = [];
}

/// <summary>
/// What a sender states about a file, in a checksum file or a control file. A marker states no value, only that the file is
/// complete.
/// </summary>
/// <param name="By">Name of the file that states it.</param>
/// <param name="Sha256">Hash of the bytes, lower-case hex; null if it is not stated.</param>
/// <param name="Md5">The same by MD5.</param>
/// <param name="Rows">Number of rows below the header; null if it is not stated.</param>
public sealed record StatedContent(string By, string? Sha256 = null, string? Md5 = null, long? Rows = null);

/// <summary>A file of a run with its row counts, as the ledger records it.</summary>
/// <param name="Dataset">The dataset's name.</param>
/// <param name="Uri">Its location; empty if the file is missing, which a setting can allow.</param>
/// <param name="Version">Identifies the bytes.</param>
/// <param name="Sha256">Hash of the bytes, lower-case hex.</param>
/// <param name="Bytes">Size in bytes.</param>
/// <param name="Read">Records read.</param>
/// <param name="Loaded">Rows loaded, by the database's count.</param>
/// <param name="Rejected">Rows rejected, by the database's count.</param>
/// <param name="Role">The role of the file; a replay has a base and perhaps a corrected file of each dataset.</param>
public record FileRecord(
    string Dataset,
    string Uri,
    string Version,
    string Sha256,
    long Bytes,
    long Read,
    long Loaded,
    long Rejected,
    FileRole Role = FileRole.Source
)
{
    /// <summary>
    /// Its path below the source, which distinguishes it from the other parts of the dataset; empty if the file is missing.
    /// </summary>
    public string Part { get; init; } = "";

    /// <summary>Whether its last byte ends a line; null if there is no byte.</summary>
    [JsonIgnore]
    public bool? EndsWithLineEnd { get; init; }

    /// <summary>Records read that hold no row: lines without a value, and repeated headers.</summary>
    public long Skipped { get; init; }

    /// <summary>The resolved format, as <see cref="FileFormatJson"/> writes it; null without a file.</summary>
    [JsonIgnore]
    public string? Format { get; init; }

    /// <summary>The resolved format, for JSON documents.</summary>
    [JsonPropertyName("format")]
    public FileFormat? ResolvedFormat => Format is null ? null : FileFormatJson.Read(Format);

    /// <summary>The name without folder or prefix.</summary>
    [JsonIgnore]
    public string FileName => Uri[(Uri.LastIndexOf('/') + 1)..];

    /// <summary>Records read, rows loaded and rejected, records skipped.</summary>
    [JsonIgnore]
    public RowCounts RowCounts => new(Read, Loaded, Rejected, Skipped);
}

/// <summary>A file that was loaded or checked: its record, and results that only the run itself uses.</summary>
public sealed record StagedFile : FileRecord
{
    /// <summary>The result for a file.</summary>
    /// <param name="dataset">The dataset's name.</param>
    /// <param name="file">The file; null if it is missing, which a setting can allow.</param>
    /// <param name="sha256">Hash of the bytes, lower-case hex; empty without a file.</param>
    /// <param name="rows">Rows read, loaded and rejected.</param>
    public StagedFile(string dataset, SourceFile? file, string sha256, RowCounts rows)
        : base(
            dataset,
            file?.Uri ?? "",
            file?.Version ?? "",
            sha256,
            file?.Bytes ?? 0,
            rows.Read,
            rows.Loaded,
            rows.Rejected
        ) => (Part, Stated, Skipped) = (file?.Path ?? "", file?.Stated ?? [], rows.Skipped);

    /// <summary>What its sender states about it.</summary>
    public IReadOnlyList<StatedContent> Stated { get; init; }

    /// <summary>MD5 of the bytes, lower-case hex; null unless the sender states one.</summary>
    public string? Md5 { get; init; }

    /// <summary>Number of rejected rows by code, stored in the quarantine or not.</summary>
    public IReadOnlyDictionary<RejectCode, long> RejectsByCode { get; init; } = new Dictionary<RejectCode, long>();

    /// <summary>The first few rejected rows, in file order.</summary>
    public IReadOnlyList<RejectedRow> FirstRejects { get; init; } = [];

    /// <summary>Columns of the header that belong to no column of the dataset.</summary>
    public IReadOnlyList<string> IgnoredColumns { get; init; } = [];

    /// <summary>Columns with values that were read although they have another form, such as <c>11.5000</c>.</summary>
    public IReadOnlyList<ValueForm> ValueForms { get; init; } = [];

    /// <summary>Settings that would read values that were rejected, each as a sentence.</summary>
    public IReadOnlyList<string> Hints { get; init; } = [];

    /// <summary>Values below 0 of columns that may have them.</summary>
    public IReadOnlyList<NegativeValues> NegativeValues { get; init; } = [];

    /// <summary>Sums of quantities and amounts over the accepted rows; empty if nothing was loaded.</summary>
    public IReadOnlyList<ColumnSum> Sums { get; init; } = [];

    /// <summary>The header's bytes, without BOM and line end; rejected rows have its order of columns.</summary>
    public ReadOnlyMemory<byte> Header { get; init; }
}

/// <summary>Values of a column that were read, without losing a digit, although they have another form.</summary>
/// <param name="Column">The column's name.</param>
/// <param name="Count">Number of values.</param>
/// <param name="Example">The first one, quoted and shortened.</param>
public sealed record ValueForm(string Column, long Count, string Example);

/// <summary>Values of a column below 0, as those of refunds.</summary>
/// <param name="Count">Number of values.</param>
/// <param name="Sum">Their sum.</param>
public sealed record NegativeValues(long Count, ColumnSum Sum);

/// <summary>Progress of a load.</summary>
/// <param name="Dataset">The dataset's name.</param>
/// <param name="BytesRead">Bytes read so far.</param>
/// <param name="TotalBytes">The file's size.</param>
/// <param name="RowsRead">Records read so far.</param>
public readonly record struct LoadProgress(string Dataset, long BytesRead, long TotalBytes, long RowsRead);
