namespace Etl.Domain.Quality;

/// <summary>What a data test's offending rows do to a run.</summary>
public enum Severity
{
    /// <summary>Reported; the run goes on.</summary>
    Warn,

    /// <summary>The run fails before anything is published.</summary>
    Error,
}
