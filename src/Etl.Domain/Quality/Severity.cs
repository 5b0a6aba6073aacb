namespace Etl.Domain.Quality;

/// <summary>What a violation of a data test does to a run.</summary>
public enum Severity
{
    /// <summary>It is reported, and the run continues.</summary>
    Warn,

    /// <summary>The run fails before anything is published.</summary>
    Error,
}
