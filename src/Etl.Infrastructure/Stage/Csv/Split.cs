namespace Etl.Infrastructure.Stage.Csv;

/// <summary>What stands at the beginning of some bytes.</summary>
internal enum Split
{
    /// <summary>Not enough bytes to say.</summary>
    Incomplete,

    /// <summary>A line of nothing, or of nothing but blanks.</summary>
    EmptyLine,

    /// <summary>A record, split into its fields.</summary>
    Record,

    /// <summary>A quote that is not closed where its field ends; the record counts as its first line.</summary>
    BadQuote,

    /// <summary>A record that goes on beyond the size bound.</summary>
    TooLong,
}
