using Etl.Domain.Quality;
using Etl.Domain.Rows;

namespace Etl.Infrastructure.Csv;

/// <summary>What is wrong with a record; the message is only made where somebody will read it.</summary>
/// <param name="Code">The stable code.</param>
/// <param name="Column">The column at fault, or null where the record as a whole is.</param>
/// <param name="Message">Makes the message from the record's bytes.</param>
internal readonly record struct RowFault(RejectCode Code, string? Column, RowFault.Writer Message)
{
    public delegate string Writer(ReadOnlySpan<byte> record);

    public static RowFault BadQuote(string? name) => new(RejectCode.UnclosedQuote, name, RejectMessage.OfQuote);

    public static RowFault TooLong(int bound) =>
        new(RejectCode.RecordTooLong, null, _ => RejectMessage.OfLength(bound));

    public static RowFault Duplicate(string column, long key) =>
        new(RejectCode.DuplicateKey, column, _ => RejectMessage.OfKey(column, key));

    public static RowFault OfCount(int found, int expected) =>
        new(RejectCode.FieldCount, null, _ => RejectMessage.OfCount(found, expected));

    public static RowFault OfField(Column column, RejectCode code, Field field) =>
        new(code, column.Name, record => RejectMessage.OfField(column, code, field.ValueIn(record)));

    public static RowFault OfBytes(string name, Field field) =>
        new(RejectCode.BadUtf8, name, record => RejectMessage.OfBytes(name, field.ValueIn(record)));

    public static RowFault BadBytes { get; } =
        new(RejectCode.BadUtf8, null, record => RejectMessage.OfBytes(null, record));
}
