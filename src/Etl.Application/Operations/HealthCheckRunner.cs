using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Domain.Runs;

namespace Etl.Application.Operations;

/// <summary>Says whether a run would work, and what to mend where it would not. It changes nothing.</summary>
public sealed class HealthCheckRunner
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly IReadOnlyList<IHealthCheck> checks;
    private readonly TimeProvider clock;

    internal HealthCheckRunner(IEnumerable<IHealthCheck> checks, TimeProvider clock) =>
        (this.checks, this.clock) = ([.. checks], clock);

    /// <summary>Looks at everything at once, and then at what makes sense only where something else is well.</summary>
    public async Task<HealthReport> ExamineAsync(BusinessDate date, CancellationToken cancellationToken)
    {
        var looks = new Dictionary<string, Task<HealthFinding>>();
        foreach (var check in checks.OrderBy(c => c.Needs is not null))
        {
            looks[check.Name] = CheckAsync(
                check,
                check.Needs is { } needed ? looks[needed] : null,
                date,
                cancellationToken
            );
        }

        await Task.WhenAll(looks.Values);
        return new HealthReport([.. checks.Select(c => new HealthCheckResult(c.Name, looks[c.Name].Result))]);
    }

    private async Task<HealthFinding> CheckAsync(
        IHealthCheck check,
        Task<HealthFinding>? first,
        BusinessDate date,
        CancellationToken cancellationToken
    )
    {
        if (first is not null && (await first).Level is HealthLevel.Fault or HealthLevel.Unknown)
        {
            return HealthFinding.Unknown($"not looked at: it needs the {check.Needs}");
        }

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            // A folder of a dead share never answers, and hears no token.
            var look = Task.Run(() => check.CheckAsync(date, timeout.Token), cancellationToken);
            return await look.WaitAsync(Timeout, clock, cancellationToken);
        }
        catch (EtlException exception)
        {
            return HealthFinding.Fault(exception.Error);
        }
        catch (TimeoutException)
        {
            await timeout.CancelAsync();
            return new HealthFinding(
                HealthLevel.Fault,
                $"no answer within {Timeout.TotalSeconds:0} s",
                "Look whether it is overloaded or out of reach; then ask again.",
                check.Cause
            );
        }
    }
}

/// <summary>What was found.</summary>
/// <param name="Results">A finding for each check, in the checks' order.</param>
public sealed record HealthReport(IReadOnlyList<HealthCheckResult> Results)
{
    /// <summary>The first exception; null where a run would work.</summary>
    public EtlError? Error => Errors.FirstOrDefault();

    /// <summary>The faults, in the checks' order.</summary>
    public IEnumerable<EtlError> Errors =>
        Results
            .Where(f => f.Finding.Level == HealthLevel.Fault)
            .Select(f => new EtlError(
                f.Finding.Code ?? ErrorCode.Internal,
                f.Finding.Message,
                f.Finding.NextStep ?? "See `etl doctor --help`."
            ));

    /// <summary>Whether a check was done, and found nothing that would stop a run.</summary>
    public bool IsGood(string check) =>
        Results.Any(f => f.Check == check && f.Finding.Level is HealthLevel.Good or HealthLevel.Warning);
}

/// <summary>What one check found.</summary>
/// <param name="Check">What was looked at.</param>
/// <param name="Finding">What was found.</param>
public sealed record HealthCheckResult(string Check, HealthFinding Finding);
