using Etl.Domain.Datasets;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>Why a record is rejected. The message is written only where it is stored.</summary>
/// <param name="Code">The stable code.</param>
/// <param name="Column">The column that caused it, or null for the record as a whole.</param>
/// <param name="Message">Writes the message from the record's bytes.</param>
internal readonly record struct RowError(RejectCode Code, string? Column, RowError.Writer Message)
{
    public delegate string Writer(ReadOnlySpan<byte> record);

    public static RowError BadQuote(string? name) => new(RejectCode.UnclosedQuote, name, RejectMessage.OfQuote);

    public static RowError TooLong(int bound) =>
        new(RejectCode.RecordTooLong, null, _ => RejectMessage.OfLength(bound));

    public static RowError Duplicate(string columns, string values, bool isOne) =>
        new(RejectCode.DuplicateKey, columns, _ => RejectMessage.OfKey(columns, values, isOne));

    public static RowError OfCount(int found, int expected) =>
        new(RejectCode.FieldCount, null, _ => RejectMessage.OfCount(found, expected));

    public static RowError OfField(Column column, FieldReader? reader, RejectCode code, Field field) =>
        new(code, column.Name, record => RejectMessage.OfField(column, reader, code, field.ValueIn(record)));

    public static RowError OfBytes(string name, Field field) =>
        new(RejectCode.BadUtf8, name, record => RejectMessage.OfBytes(name, field.ValueIn(record)));
}
