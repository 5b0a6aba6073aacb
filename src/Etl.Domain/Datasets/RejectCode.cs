namespace Etl.Domain.Datasets;

/// <summary>Why a row was rejected. The numbers and the texts of <see cref="RejectCodes"/> are stable.</summary>
public enum RejectCode : byte
{
    /// <summary>Nothing is wrong.</summary>
    None = 0,

    /// <summary>More or fewer fields than the header has.</summary>
    FieldCount = 1,

    /// <summary>Not a number where one must be.</summary>
    NotANumber = 2,

    /// <summary>A number or a day outside its range.</summary>
    OutOfRange = 3,

    /// <summary>More than two decimals in an amount; never rounded.</summary>
    TooManyDecimals = 4,

    /// <summary>Not an ISO day, or no day of the calendar.</summary>
    BadDate = 5,

    /// <summary>NULL where none may be.</summary>
    NullNotAllowed = 6,

    /// <summary>Bytes that are not UTF-8.</summary>
    BadUtf8 = 7,

    /// <summary>A quote that is never closed, or text after a closing quote.</summary>
    UnclosedQuote = 8,

    /// <summary>A record over the size bound.</summary>
    RecordTooLong = 9,

    /// <summary>A key that an earlier row of the file has.</summary>
    DuplicateKey = 10,
}
