using System.Text.Json.Serialization;
using Etl.Domain.Runs;

namespace Etl.Domain.Lake;

/// <summary>
/// The tables that a run exported and the files that it read. It is written after the tables, so that a reader that waits for
/// it never sees part of an export. It holds no timestamp and no host name, so that the same inputs give the same bytes.
/// </summary>
/// <param name="RunId">The run.</param>
/// <param name="BusinessDate">The run's day.</param>
/// <param name="AsOf">The day that ages were counted to.</param>
/// <param name="Sources">The files that were read, by dataset.</param>
/// <param name="Tables">The objects that were written, by table.</param>
/// <param name="Extensions">The files that the run was extended by; null, and left out, where there are none.</param>
/// <param name="RestoredRunId">The run whose rows a rollback restored; null, and left out, for other runs.</param>
public sealed record Manifest(
    string RunId,
    string BusinessDate,
    string AsOf,
    IReadOnlyList<ManifestSource> Sources,
    IReadOnlyList<ManifestTable> Tables,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        IReadOnlyList<ExtensionFile>? Extensions = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? RestoredRunId = null
);

/// <summary>A file that a run read; of a dataset with a model the model's file, with size and hash of its rows.</summary>
/// <param name="Dataset">The dataset's name.</param>
/// <param name="File">The file's path below the source, which distinguishes parts; that of a model below the extensions.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its content's hash, lower-case hex.</param>
public sealed record ManifestSource(string Dataset, string File, long Bytes, string Sha256);

/// <summary>A table that a run wrote.</summary>
/// <param name="Table">The table's name.</param>
/// <param name="File">The object's name beside the manifest.</param>
/// <param name="Rows">Data rows, the header not counted.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its content's hash, lower-case hex.</param>
/// <param name="Columns">The header's names, in order.</param>
/// <param name="Parquet">The same rows as Parquet; left out if that is not exported.</param>
public sealed record ManifestTable(
    string Table,
    string File,
    long Rows,
    long Bytes,
    string Sha256,
    IReadOnlyList<string> Columns,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ManifestParquet? Parquet = null
);

/// <summary>A table that a run wrote as Parquet.</summary>
/// <param name="Key">The object's key, relative to the lake.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its content's hash, lower-case hex.</param>
/// <param name="Schema">The columns with their types, in order.</param>
public sealed record ManifestParquet(string Key, long Bytes, string Sha256, IReadOnlyList<ManifestColumn> Schema);

/// <summary>A column of a table.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">The type in PostgreSQL, such as <c>numeric(5,2)</c>.</param>
public sealed record ManifestColumn(string Name, string Type);
