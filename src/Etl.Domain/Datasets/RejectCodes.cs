namespace Etl.Domain.Datasets;

/// <summary>The stable texts of the reject codes, as the quarantine, the mail and the reports show them.</summary>
public static class RejectCodes
{
    private static readonly Dictionary<RejectCode, (string Text, string Meaning)> Texts = new()
    {
        [RejectCode.FieldCount] = ("field_count", "has more or fewer fields than the header"),
        [RejectCode.NotANumber] = ("not_a_number", "is not a number"),
        [RejectCode.OutOfRange] = ("out_of_range", "is outside the allowed range"),
        [RejectCode.TooManyDecimals] = ("too_many_decimals", "has more than two decimals"),
        [RejectCode.BadDate] = ("bad_date", "is not a day in the format of the file"),
        [RejectCode.NullNotAllowed] = ("null_not_allowed", "is empty, and may not be"),
        [RejectCode.BadUtf8] = ("bad_utf8", "has bytes that are not UTF-8"),
        [RejectCode.UnclosedQuote] = ("unclosed_quote", "has a quote that is not closed where the field ends"),
        [RejectCode.RecordTooLong] = ("record_too_long", "is longer than the size bound of a record"),
        [RejectCode.DuplicateKey] = ("duplicate_key", "repeats the key of an earlier row"),
    };

    /// <summary>Every code that a row can be rejected with.</summary>
    public static IReadOnlyCollection<RejectCode> All => Texts.Keys;

    /// <summary>The stable text, such as <c>bad_date</c>.</summary>
    public static string Text(this RejectCode code) => Texts[code].Text;

    /// <summary>What the code means, as the end of a sentence that begins with the row or the column.</summary>
    public static string Meaning(this RejectCode code) => Texts[code].Meaning;

    /// <summary>The code of a stable text.</summary>
    /// <exception cref="ArgumentException">No code has the text.</exception>
    public static RejectCode Parse(string text)
    {
        foreach (var (code, words) in Texts)
        {
            if (words.Text == text)
            {
                return code;
            }
        }

        throw new ArgumentException($"No reject code is called '{text}'.", nameof(text));
    }
}
