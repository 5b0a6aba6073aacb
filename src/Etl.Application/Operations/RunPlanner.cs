using Etl.Application.Errors;
using Etl.Application.Export;
using Etl.Application.Extract;
using Etl.Application.Runs;
using Etl.Domain.Analytics;
using Etl.Domain.Lake;
using Etl.Domain.Runs;

namespace Etl.Application.Operations;

/// <summary>Checks all that a run would check, and says what it would do. It writes nothing.</summary>
public sealed class RunPlanner
{
    private readonly HealthCheckRunner doctor;
    private readonly Func<SourceCheck> check;
    private readonly ArrivalComparison comparison;
    private readonly Func<ILedgerMigrations> migrations;
    private readonly Func<IRunLease> lease;
    private readonly Func<IRunHistory> history;
    private readonly Func<IDataLake> lake;
    private readonly MartCatalog marts;

    internal RunPlanner(
        HealthCheckRunner doctor,
        Func<SourceCheck> check,
        ArrivalComparison comparison,
        Func<ILedgerMigrations> migrations,
        Func<IRunLease> lease,
        Func<IRunHistory> history,
        Func<IDataLake> lake,
        MartCatalog marts
    )
    {
        (this.doctor, this.check, this.comparison) = (doctor, check, comparison);
        (this.migrations, this.lease, this.history) = (migrations, lease, history);
        (this.lake, this.marts) = (lake, marts);
    }

    /// <summary>The plan of what was asked for; every exception is in it, none is thrown.</summary>
    public async Task<RunPlan> PlanAsync(RunRequest request, CancellationToken cancellationToken)
    {
        var asOf = request.AsOf ?? request.BusinessDate.Value;
        var found = await doctor.ExamineAsync(request.BusinessDate, cancellationToken);
        var plan = new RunPlan(request.BusinessDate, asOf) { Results = found.Results, Errors = [.. found.Errors] };
        if (found.IsGood("schema"))
        {
            plan = await TryAsync(plan, () => AskLedgerAsync(plan, request, cancellationToken));
        }

        if (plan.Decision is RunDecision.AlreadyDone or RunDecision.InProgress)
        {
            return plan.Decision == RunDecision.AlreadyDone
                ? plan with
                {
                    Errors = [],
                }
                : plan with
                {
                    Errors = [RunErrors.InProgress(plan.Run!)],
                };
        }

        if (plan.Loads && found.IsGood("source"))
        {
            plan = await TryAsync(plan, () => ReadFilesAsync(plan, cancellationToken));
        }

        return found.Results.Any(f => f is { Check: "lake", Finding.Level: not HealthLevel.Fault })
            ? plan with
            {
                Exports = [.. ExportsOf(plan)],
            }
            : plan;
    }

    private async Task<RunPlan> AskLedgerAsync(RunPlan plan, RunRequest request, CancellationToken cancellationToken)
    {
        var ask = new RunStartRequest(plan.BusinessDate, plan.AsOf, request.Trigger, request.Force);
        var pending = await migrations().ListPendingAsync(cancellationToken);
        var forecast = await lease().ForecastAsync(ask, cancellationToken);
        Run? first = null;
        if (forecast is { Decision: RunDecision.FinishExport } export && IsOther(export.Run, request))
        {
            first = export.Run;
            forecast = await lease().ForecastAsync(ask with { FinishOthers = false }, cancellationToken);
        }

        // A ledger that lacks a migration cannot be read whole.
        var before = pending.Count == 0 ? await history().PreviousAsync(forecast.Run.Id, cancellationToken) : null;
        return plan with
        {
            Decision = forecast.Decision,
            Run = forecast.Run,
            FinishedFirst = first,
            Migrations = pending,
            Before = before,
        };
    }

    /// <summary>An export that is finished on the way, and not what was asked for.</summary>
    private static bool IsOther(Run unfinished, RunRequest request) =>
        unfinished.BusinessDate != request.BusinessDate.Value || request.Force;

    private async Task<RunPlan> ReadFilesAsync(RunPlan plan, CancellationToken cancellationToken)
    {
        var read = await check().CheckAsync(plan.BusinessDate, cancellationToken);
        var gate = new ArrivalGate();
        foreach (var file in read.Files.Where(f => f.RowCounts.Read > 0))
        {
            comparison.Apply(gate, plan.BusinessDate, file, plan.Before);
        }

        return plan with
        {
            Files = read.Files,
            Warnings = [.. read.Warnings, .. gate.Warnings],
            Errors = [.. plan.Errors, .. read.Errors, .. gate.Errors],
        };
    }

    private static async Task<RunPlan> TryAsync(RunPlan plan, Func<Task<RunPlan>> more)
    {
        try
        {
            return await more();
        }
        catch (EtlException exception)
        {
            return plan with { Errors = [.. plan.Errors, exception.Error] };
        }
    }

    private IEnumerable<PlannedExport> ExportsOf(RunPlan plan)
    {
        var run = plan.Run?.Id ?? new RunId(plan.BusinessDate, 1);
        var target = lake();
        return marts
            .All.Select(t => new PlannedExport(t.Name, target.Locate(ExportKey.OfRun(run, t.Name))))
            .Append(new PlannedExport("manifest", target.Locate(ExportKey.ManifestOfRun(run))))
            .Append(new PlannedExport("manifest, latest", target.Locate(ExportKey.LatestManifest)));
    }
}
