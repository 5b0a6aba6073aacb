using Etl.Application.Errors;
using Etl.Application.Settings;

namespace Etl.Application.Extract;

/// <summary>Gathers what is odd about the files of a day, each finding under its own policy.</summary>
internal sealed class ArrivalGate
{
    private readonly List<EtlError> faults = [];
    private readonly List<string> warnings = [];

    public IReadOnlyList<string> Warnings => warnings;

    public IReadOnlyList<EtlError> Faults => faults;

    public void Judge(ArrivalPolicy policy, EtlError finding)
    {
        if (policy == ArrivalPolicy.Fail)
        {
            faults.Add(finding);
        }
        else if (policy == ArrivalPolicy.Warn)
        {
            warnings.Add(finding.Message);
        }
    }

    /// <summary>Fails with all faults at once, under the code of the first.</summary>
    public void ThrowIfClosed()
    {
        if (faults.Count > 0)
        {
            throw new EtlException(faults[0] with { Message = string.Join(" ", faults.Select(f => f.Message)) });
        }
    }
}
