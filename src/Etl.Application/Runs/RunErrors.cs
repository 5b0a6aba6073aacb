using Etl.Application.Errors;
using Etl.Domain.Runs;

namespace Etl.Application.Runs;

/// <summary>Errors of runs that more than one command reports.</summary>
public static class RunErrors
{
    public static EtlError InProgress(Run run) =>
        new(
            ErrorCode.InProgress,
            $"Run {run.Id} is in progress, held by {run.LeaseOwner} until {run.LeaseUntil:HH:mm:ss} UTC unless renewed.",
            "Wait for it to end; see `etl runs`. A host that died is taken over when its time is up.",
            Retryable: true
        );
}
