using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Domain.Runs;

namespace Etl.Application.Operations;

/// <summary>The pre-flight: one list of checks of which each verb runs those of its depth. It leaves nothing behind.</summary>
public sealed class HealthCheckRunner
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly IReadOnlyList<IHealthCheck> checks;
    private readonly TimeProvider clock;

    /// <summary>A runner of these checks.</summary>
    public HealthCheckRunner(IEnumerable<IHealthCheck> checks, TimeProvider clock) =>
        (this.checks, this.clock) = ([.. checks], clock);

    /// <summary>The names of the checks that a depth leaves out.</summary>
    public IReadOnlyList<string> Beyond(CheckDepth depth) =>
        [.. checks.Where(c => c.Depth > depth).Select(c => c.Name)];

    /// <summary>Runs the checks of a depth in parallel, each after the check that it needs.</summary>
    public async Task<HealthReport> RunAsync(BusinessDate date, CheckDepth depth, CancellationToken cancellationToken)
    {
        var results = new Dictionary<string, Task<HealthCheckResult>>();
        var included = checks.Where(c => c.Depth <= depth).ToList();
        included.ForEach(c => _ = Start(c));
        await Task.WhenAll(results.Values);
        return new HealthReport([.. included.Select(c => results[c.Name].Result with { Check = c.Name })])
        {
            NotExamined = Beyond(depth),
        };

        Task<HealthCheckResult> Start(IHealthCheck check)
        {
            if (!results.TryGetValue(check.Name, out var started))
            {
                var needed = check.Needs is { } name ? Start(included.Single(c => c.Name == name)) : null;
                results[check.Name] = started = CheckAsync(check, needed, date, cancellationToken);
            }

            return started;
        }
    }

    private async Task<HealthCheckResult> CheckAsync(
        IHealthCheck check,
        Task<HealthCheckResult>? needed,
        BusinessDate date,
        CancellationToken cancellationToken
    )
    {
        if (needed is not null && (await needed).Level is HealthLevel.Error or HealthLevel.NotChecked)
        {
            return HealthCheckResult.NotChecked($"not checked: it needs the {check.Needs}");
        }

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            // A folder of an unreachable share ignores the token.
            var result = Task.Run(() => check.CheckAsync(date, timeout.Token), cancellationToken);
            return await result.WaitAsync(Timeout, clock, cancellationToken);
        }
        catch (EtlException exception)
        {
            return HealthCheckResult.Error(exception.Error);
        }
        catch (TimeoutException)
        {
            await timeout.CancelAsync();
            return new HealthCheckResult(
                HealthLevel.Error,
                $"no answer within {Timeout.TotalSeconds:0} s",
                "Check whether it is overloaded or unreachable, then run `etl doctor` again.",
                check.Cause
            );
        }
    }
}

/// <summary>The results of all checks.</summary>
/// <param name="Results">A result for each check, in the checks' order.</param>
public sealed record HealthReport(IReadOnlyList<HealthCheckResult> Results)
{
    /// <summary>The names of checks that the depth leaves out, and of checks without a result.</summary>
    public IReadOnlyList<string> NotExamined
    {
        get => [.. field, .. Results.Where(r => r.Level == HealthLevel.NotChecked).Select(r => r.Check)];
        init;
    } = [];

    /// <summary>The first error; null if a run would succeed.</summary>
    public EtlError? Error => Errors.FirstOrDefault();

    /// <summary>The errors, in the checks' order.</summary>
    public IEnumerable<EtlError> Errors =>
        Results
            .Where(r => r.Level == HealthLevel.Error)
            .Select(r => new EtlError(
                r.Code ?? ErrorCode.Internal,
                r.Message,
                r.NextStep ?? "See `etl doctor --help`."
            ));

    /// <summary>Whether a check succeeded, with or without a warning.</summary>
    public bool IsOk(string check) =>
        Results.Any(r => r.Check == check && r.Level is HealthLevel.Ok or HealthLevel.Warning);
}
