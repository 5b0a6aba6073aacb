using System.Text;
using Etl.Domain.Datasets;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>One readable line for a rejected row: what was found, and what was expected. No full stop at its end.</summary>
internal static class RejectMessage
{
    private const string OfEarlierRow = ", which an earlier row of the file has";

    public static string OfField(Column column, FieldReader? reader, RejectCode code, ReadOnlySpan<byte> value)
    {
        var expected = column.ExpectedBy(reader);
        return code switch
        {
            RejectCode.NullNotAllowed when value.IsEmpty => $"{column.Name} is empty, expected {expected}",
            RejectCode.NullNotAllowed => $"{column.Name} is {Excerpt.Of(value)}, which means NULL; expected {expected}",
            _ when column.Nullable && NullTokens.IsCommon(value) =>
                $"{column.Name} is {Excerpt.Of(value)}, expected {expected};"
                    + " a word that means NULL belongs in Etl:Quality:NullTokens",
            _ => $"{column.Name} is {Excerpt.Of(value)}, expected {expected}",
        };
    }

    public static string OfCount(int found, int expected) =>
        $"the row has {Fields(found)} where the header has {expected}";

    public static string OfBytes(string? column, ReadOnlySpan<byte> value) =>
        $"{column ?? "the row"} {RejectCode.BadUtf8.Meaning()}: {Excerpt.Of(value[BadFrom(value)..], 16)}";

    public static string OfQuote(ReadOnlySpan<byte> line) =>
        $"a quote is not closed where its field ends: {Excerpt.Of(line)}";

    public static string OfLength(int bound) =>
        $"the row is longer than {bound} bytes, the bound that Etl:Quality:MaxRecordBytes sets";

    public static string OfKey(string columns, string values, bool isOne) =>
        $"{columns} {(isOne ? "is" : "are")} {values}{OfEarlierRow}";

    /// <summary>The message of a repeated key, with the place of its first row.</summary>
    public static string WithFirst(string message, string part, long line) =>
        $"{message[..^OfEarlierRow.Length]}, which line {line} of {part} has";

    private static string Fields(int count) => count == 1 ? "1 field" : $"{count} fields";

    private static int BadFrom(ReadOnlySpan<byte> value)
    {
        var low = 0;
        while (low < value.Length)
        {
            var status = System.Text.Rune.DecodeFromUtf8(value[low..], out _, out var length);
            if (status != System.Buffers.OperationStatus.Done)
            {
                break;
            }

            low += length;
        }

        return low;
    }
}
