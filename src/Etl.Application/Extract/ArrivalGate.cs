using Etl.Application.Errors;
using Etl.Application.Options;

namespace Etl.Application.Extract;

/// <summary>Gathers what is odd about the files of a day, each finding under its own policy.</summary>
internal sealed class ArrivalGate
{
    private readonly List<EtlError> errors = [];
    private readonly List<string> warnings = [];

    public IReadOnlyList<string> Warnings => warnings;

    public IReadOnlyList<EtlError> Errors => errors;

    public void Apply(ArrivalPolicy policy, EtlError finding)
    {
        if (policy == ArrivalPolicy.Fail)
        {
            errors.Add(finding);
        }
        else if (policy == ArrivalPolicy.Warn)
        {
            warnings.Add(finding.Message);
        }
    }

    /// <summary>Fails with all errors at once, under the code of the first.</summary>
    public void ThrowIfClosed()
    {
        if (errors.Count > 0)
        {
            throw new EtlException(errors[0] with { Message = string.Join(" ", errors.Select(f => f.Message)) });
        }
    }
}
