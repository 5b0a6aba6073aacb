namespace Etl.Domain.Runs;

/// <summary>What a run's one message says.</summary>
public enum Outcome
{
    /// <summary>All rows were loaded.</summary>
    Success,

    /// <summary>Succeeded, with rows in quarantine below the limit.</summary>
    SuccessWithRejects,

    /// <summary>Failed, timed out or cancelled.</summary>
    Failure,

    /// <summary>Succeeded after the run before it had not.</summary>
    Recovered,
}
