using System.Globalization;

namespace Etl.Application.Runs;

/// <summary>A condition that people must know and that does not stop a run.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Message">One line.</param>
/// <param name="Dataset">The dataset's name; null if the warning is not about one.</param>
public sealed record RunWarning(RunWarningKind Kind, string Message, string? Dataset = null)
{
    /// <inheritdoc/>
    public override string ToString() => Message;
}

/// <summary>What a warning is about.</summary>
public enum RunWarningKind
{
    /// <summary>A source file that is missing, empty, unchanged or of unusual size.</summary>
    Arrival,

    /// <summary>Columns of a source file that are not loaded.</summary>
    IgnoredColumns,

    /// <summary>Lines without a value, and repeated headers.</summary>
    SkippedLines,

    /// <summary>Values that were read although they have another form.</summary>
    ValueForms,

    /// <summary>Values below 0 that a setting allows.</summary>
    NegativeValues,

    /// <summary>Rejected rows within the limit.</summary>
    RejectedRows,

    /// <summary>Further loaders that could not be requested.</summary>
    Loaders,

    /// <summary>A data test of severity warning that found rows.</summary>
    DataTest,

    /// <summary>An earlier run that is published and not exported.</summary>
    UnfinishedExport,

    /// <summary>Figures that were not read.</summary>
    Figures,

    /// <summary>A report that was not written.</summary>
    Report,

    /// <summary>A message that was not sent.</summary>
    Message,

    /// <summary>A published day whose files or as-of date differ from the requested ones.</summary>
    Redelivery,

    /// <summary>A run that a rollback has taken back.</summary>
    Rollback,
}

/// <summary>Counts with their noun, such as <c>1 row</c> and <c>1,210,000 rows</c>.</summary>
public static class Counted
{
    /// <summary>The count and the noun in singular or plural.</summary>
    /// <param name="count">The count.</param>
    /// <param name="noun">The noun in the singular.</param>
    /// <param name="plural">The plural; null to add an s.</param>
    public static string Of(long count, string noun, string? plural = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:#,0} {(count == 1 ? noun : plural ?? $"{noun}s")}");
}
