using Etl.Application.Errors;
using Etl.Application.Export;
using Etl.Application.Extract;
using Etl.Application.Runs;
using Etl.Domain.Analytics;
using Etl.Domain.Lake;
using Etl.Domain.Runs;

namespace Etl.Application.Operations;

/// <summary>Plans a run: what it would check and do. It writes nothing.</summary>
public sealed class RunPlanner
{
    private readonly DateLimits dates;
    private readonly HealthCheckRunner healthChecks;
    private readonly Func<SourceCheck> check;
    private readonly ArrivalComparison comparison;
    private readonly PastParts pastParts;
    private readonly Func<RedeliveryCheck> redeliveries;
    private readonly Func<ILedgerMigrations> migrations;
    private readonly Func<IRunLease> lease;
    private readonly Func<IRunHistory> history;
    private readonly Func<IDataLake> lake;
    private readonly MartCatalog marts;

    internal RunPlanner(
        DateLimits dates,
        HealthCheckRunner healthChecks,
        Func<SourceCheck> check,
        ArrivalComparison comparison,
        PastParts pastParts,
        Func<RedeliveryCheck> redeliveries,
        Func<ILedgerMigrations> migrations,
        Func<IRunLease> lease,
        Func<IRunHistory> history,
        Func<IDataLake> lake,
        MartCatalog marts
    )
    {
        this.dates = dates;
        (this.healthChecks, this.check) = (healthChecks, check);
        (this.comparison, this.pastParts) = (comparison, pastParts);
        this.redeliveries = redeliveries;
        (this.migrations, this.lease, this.history) = (migrations, lease, history);
        (this.lake, this.marts) = (lake, marts);
    }

    /// <summary>The plan of a request. Every error is in the plan; none is thrown.</summary>
    public async Task<RunPlan> PlanAsync(RunRequest request, CheckDepth depth, CancellationToken cancellationToken)
    {
        var asOf = request.AsOf ?? request.BusinessDate.Value;
        if (dates.ErrorOf(request) is { } refused)
        {
            return new RunPlan(request.BusinessDate, asOf) { Errors = [refused] };
        }

        var found = await healthChecks.RunAsync(request.BusinessDate, depth, cancellationToken);
        var plan = new RunPlan(request.BusinessDate, asOf)
        {
            Results = found.Results,
            NotExamined = found.NotExamined,
            Errors = [.. found.Errors],
        };
        if (found.IsOk("schema"))
        {
            plan = await TryAsync(plan, () => ReadLedgerAsync(plan, request, HasLake(found), cancellationToken));
        }

        switch (plan.Decision)
        {
            case RunDecision.AlreadyDone:
                var done = plan with { Errors = [] };
                return await TryAsync(done, () => CompareAsync(done, request, cancellationToken));
            case RunDecision.InProgress:
                return plan with { Errors = [RunErrors.InProgress(plan.Run!)] };
            case RunDecision.OtherLake:
                return plan with { Errors = [RunErrors.OtherLake(plan.Run!, lake().Uri)] };
        }

        if (plan.Loads && found.IsOk("source"))
        {
            plan = await TryAsync(plan, () => ReadFilesAsync(plan, cancellationToken));
        }

        return HasLake(found) ? plan with { Exports = [.. ExportsOf(plan)] } : plan;
    }

    private static bool HasLake(HealthReport found) =>
        found.Results.Any(f => f is { Check: "lake", Level: not HealthLevel.Error });

    /// <summary>The plan of a day that is already done, with what a start would report about its files.</summary>
    private async Task<RunPlan> CompareAsync(RunPlan plan, RunRequest request, CancellationToken cancellationToken)
    {
        // A ledger with pending migrations may lack the columns of a history.
        if (plan.Migrations.Count > 0)
        {
            return plan;
        }

        var found = await redeliveries().CompareAsync(plan.Run!, request.AsOf, cancellationToken);
        return plan with
        {
            Warnings = found.WarningsWith(redeliveries().PlanOf(plan.Run!)),
            SourceChanged = found.Redelivery is not null,
        };
    }

    private async Task<RunPlan> ReadLedgerAsync(
        RunPlan plan,
        RunRequest request,
        bool lakeIsKnown,
        CancellationToken cancellationToken
    )
    {
        var start = RunStartRequest.Of(request, lakeIsKnown ? lake().Uri : null);
        var pending = await migrations().ListPendingAsync(cancellationToken);
        var forecast = await lease().ForecastAsync(start, cancellationToken);
        Run? first = null;
        if (forecast is { Decision: RunDecision.FinishExport } export && IsOther(export.Run, request))
        {
            first = export.Run;
            forecast = await lease().ForecastAsync(start with { FinishOthers = false }, cancellationToken);
        }

        // A ledger with pending migrations may lack the columns of a history.
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

    /// <summary>Whether the unfinished export is of another run than the requested one.</summary>
    private static bool IsOther(Run unfinished, RunRequest request) =>
        unfinished.BusinessDate != request.BusinessDate.Value || request.Force;

    private async Task<RunPlan> ReadFilesAsync(RunPlan plan, CancellationToken cancellationToken)
    {
        var read = await check().CheckAsync(plan.BusinessDate, cancellationToken);
        var gate = new ArrivalGate();
        IReadOnlyList<EtlError> past = [];
        // A ledger with pending migrations may lack the columns of a history.
        if (plan is { Run: { } run, Migrations.Count: 0 })
        {
            past = await pastParts.FindErrorsAsync(plan.BusinessDate, read.Sources, cancellationToken);
            await comparison.ApplyAsync(
                gate,
                run,
                StagedParts.Of(read.Files).Where(f => f.RowCounts.Rows > 0),
                cancellationToken
            );
        }

        return plan with
        {
            Files = read.Files,
            Warnings = [.. read.Warnings, .. gate.Warnings],
            FileErrors = [.. past, .. read.Errors, .. gate.Errors],
            Errors = [.. plan.Errors.Union(past).Union(read.Errors).Union(gate.Errors)],
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
        var run = plan.ExpectedRun;
        var target = lake();
        return marts
            .All.Select(t => new PlannedExport(t.Name, target.Locate(ExportKey.OfRun(run, t.Name))))
            .Append(new PlannedExport("manifest", target.Locate(ExportKey.ManifestOfRun(run))))
            .Append(new PlannedExport("manifest, latest", target.Locate(ExportKey.LatestManifest)));
    }
}
