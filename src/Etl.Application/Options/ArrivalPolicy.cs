namespace Etl.Application.Options;

/// <summary>What the arrival gate does with a finding.</summary>
public enum ArrivalPolicy
{
    /// <summary>The run fails.</summary>
    Fail,

    /// <summary>The run goes on and says so.</summary>
    Warn,

    /// <summary>The run goes on.</summary>
    Allow,
}
