using Etl.Domain.Datasets;

namespace Etl.Domain.Quality;

/// <summary>A row that was not loaded, with what is needed to find, correct and replay it.</summary>
/// <param name="Dataset">The dataset's name.</param>
/// <param name="Line">
/// 1-based line of the file on which the record begins; the header is on line 1. 0 for a row of a model, which has none.
/// </param>
/// <param name="ByteOffset">0-based offset of the record's first byte in the file, a BOM counted.</param>
/// <param name="Column">The column that caused it, or the key's columns; null for the record as a whole.</param>
/// <param name="Code">The stable code.</param>
/// <param name="Message">One readable line: what was found, and what was expected.</param>
/// <param name="Raw">The record's bytes in the file, without the line end; of a row of a model a JSON object.</param>
public sealed record RejectedRow(
    string Dataset,
    long Line,
    long ByteOffset,
    string? Column,
    RejectCode Code,
    string Message,
    ReadOnlyMemory<byte> Raw
);
