using Etl.Application.Errors;
using Etl.Application.Notify;
using Etl.Application.Operations;
using Etl.Domain.Runs;

namespace Etl.Infrastructure.Notify;

/// <summary>A notifier that can be checked without sending a message.</summary>
internal interface ICheckedNotifier : INotifier
{
    /// <summary>Checks that a message could be sent, as far as that is possible.</summary>
    Task<HealthCheckResult> CheckAsync(CancellationToken cancellationToken);
}

/// <summary>Checks that messages can be sent. A run succeeds without, so problems are warnings.</summary>
internal sealed class NotifierHealth(Func<IEnumerable<INotifier>> notifiers) : IHealthCheck
{
    public string Name => "notifier";

    public CheckDepth Depth => CheckDepth.Trial;

    public ErrorCode Cause => ErrorCode.Notify;

    public async Task<HealthCheckResult> CheckAsync(BusinessDate date, CancellationToken cancellationToken)
    {
        var results = await Task.WhenAll(
            notifiers()
                .Select(n =>
                    n is ICheckedNotifier known
                        ? known.CheckAsync(cancellationToken)
                        : Task.FromResult(HealthCheckResult.NotChecked($"the notifier {n.Name} of this host"))
                )
        );
        var steps = results.Select(r => r.NextStep).OfType<string>().ToList();
        return new HealthCheckResult(
            LevelOf(results),
            string.Join("; ", results.Select(r => r.Message.TrimEnd('.')))
                + (results is [{ } one] && one.Message.EndsWith('.') ? "." : ""),
            steps.Count > 0 ? string.Join(' ', steps) : null
        );
    }

    private static HealthLevel LevelOf(HealthCheckResult[] results) =>
        results.Any(r => r.Level == HealthLevel.Warning) ? HealthLevel.Warning
        : results.Any(r => r.Level == HealthLevel.NotChecked) ? HealthLevel.NotChecked
        : HealthLevel.Ok;
}
