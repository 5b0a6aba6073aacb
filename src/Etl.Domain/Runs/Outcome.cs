namespace Etl.Domain.Runs;

/// <summary>The outcome that a run's message reports.</summary>
public enum Outcome
{
    /// <summary>All rows were loaded.</summary>
    Success,

    /// <summary>Succeeded; some rows were rejected, within the limit.</summary>
    SuccessWithRejects,

    /// <summary>Failed, timed out or cancelled.</summary>
    Failure,

    /// <summary>Succeeded after the previous run had not.</summary>
    Recovered,

    /// <summary>The files of a published day were delivered again and differ.</summary>
    Redelivered,
}
