using Etl.Application.Options;
using Etl.Domain.Datasets;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>What the parser needs to know besides the dataset.</summary>
/// <param name="MaxRecordBytes">Longest record.</param>
/// <param name="KeyBudgetBytes">Memory for the keys of a file.</param>
/// <param name="ReadSize">Bytes of one read.</param>
internal sealed record ParserSettings(
    int MaxRecordBytes,
    long KeyBudgetBytes = ParserSettings.DefaultKeyBudget,
    int ReadSize = SourceBytes.DefaultReadSize
)
{
    /// <summary>Bits for 130 million dense ids, or a million scattered ones.</summary>
    public const long DefaultKeyBudget = 16 << 20;

    /// <summary>As many keys of a dataset as two key sets hold within the budget: those that are looked for, and those seen.</summary>
    public int KeysAtOnce(Dataset dataset) =>
        (int)Math.Max(1, KeyBudgetBytes / (2 * (new RowKey(dataset).MaxBytes + KeySet.Overhead)));

    public static ParserSettings Of(QualityOptions quality) => new(quality.MaxRecordBytes);
}
