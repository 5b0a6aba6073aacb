using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Application.Runs;

namespace Etl.Application.Extract;

/// <summary>Collects the problems of a day's files as errors or warnings, each by its own policy.</summary>
internal sealed class ArrivalGate
{
    private readonly List<EtlError> errors = [];
    private readonly List<RunWarning> warnings = [];

    public IReadOnlyList<RunWarning> Warnings => warnings;

    public IReadOnlyList<EtlError> Errors => errors;

    public void Apply(ArrivalPolicy policy, string? dataset, EtlError problem)
    {
        if (policy == ArrivalPolicy.Fail)
        {
            errors.Add(problem with { Dataset = dataset });
        }
        else if (policy == ArrivalPolicy.Warn)
        {
            Warn(dataset, problem.Message);
        }
    }

    public void Warn(string? dataset, string message) =>
        warnings.Add(new RunWarning(RunWarningKind.Arrival, message, dataset));

    /// <exception cref="EtlException">There are errors: one message with all of them, with the code of the first.</exception>
    public void ThrowIfClosed()
    {
        if (EtlError.Combine(errors) is { } error)
        {
            throw new EtlException(error);
        }
    }
}
