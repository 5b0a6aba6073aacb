using Etl.Domain.Datasets;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>What is wrong with a record; the message is only made where somebody will read it.</summary>
/// <param name="Code">The stable code.</param>
/// <param name="Column">The column at exception, or null where the record as a whole is.</param>
/// <param name="Message">Makes the message from the record's bytes.</param>
internal readonly record struct RowError(RejectCode Code, string? Column, RowError.Writer Message)
{
    public delegate string Writer(ReadOnlySpan<byte> record);

    public static RowError BadQuote(string? name) => new(RejectCode.UnclosedQuote, name, RejectMessage.OfQuote);

    public static RowError TooLong(int bound) =>
        new(RejectCode.RecordTooLong, null, _ => RejectMessage.OfLength(bound));

    public static RowError Duplicate(string column, long key) =>
        new(RejectCode.DuplicateKey, column, _ => RejectMessage.OfKey(column, key));

    public static RowError OfCount(int found, int expected) =>
        new(RejectCode.FieldCount, null, _ => RejectMessage.OfCount(found, expected));

    public static RowError OfField(Column column, RejectCode code, Field field) =>
        new(code, column.Name, record => RejectMessage.OfField(column, code, field.ValueIn(record)));

    public static RowError OfBytes(string name, Field field) =>
        new(RejectCode.BadUtf8, name, record => RejectMessage.OfBytes(name, field.ValueIn(record)));

    public static RowError BadBytes { get; } =
        new(RejectCode.BadUtf8, null, record => RejectMessage.OfBytes(null, record));
}
