using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Npgsql;

namespace Etl.Infrastructure.Ledger;

/// <summary>Decides which run a host works on, given the runs of the ledger. Reads and writes nothing itself.</summary>
internal sealed class StartDecision(LeaseOwner owner, RunOptions options)
{
    private readonly TimeSpan lease = TimeSpan.FromSeconds(options.LeaseSeconds);

    /// <summary>The decision if another host works on a run, otherwise null.</summary>
    public RunStart? Refuse(RunStartRequest request, List<Run> runs, DateTimeOffset now)
    {
        var done = DoneOf(runs, request.BusinessDate.Value);
        return runs.Find(r => IsActive(r, now)) is not { } active ? null
            : done is not null && !request.Force ? new RunStart(RunDecision.AlreadyDone, done)
            : new RunStart(RunDecision.InProgress, active);
    }

    /// <summary>The decision, and the statements that make it valid.</summary>
    public (RunStart Start, IEnumerable<NpgsqlBatchCommand> Writes) Decide(
        RunStartRequest request,
        List<Run> runs,
        DateTimeOffset now,
        DateTimeOffset? latest
    )
    {
        var unended = runs.FindAll(IsUnended);
        var ofDay = runs.FindAll(r => r.BusinessDate == request.BusinessDate.Value);
        var done = DoneOf(ofDay, request.BusinessDate.Value);
        if (Refuse(request, runs, now) is { } refused)
        {
            return (refused, []);
        }

        if (Resume(unended, request, now, latest) is { } resumed)
        {
            return (resumed, Updates(unended).Append(ReleaseMessages(resumed.Run)));
        }

        if (done is not null && !request.Force && done.Id != request.Redelivery?.Published)
        {
            return (new RunStart(RunDecision.AlreadyDone, done), Updates(unended));
        }

        if (!request.Force && ofDay.Find(r => r.IsUnfinished) is { } pending)
        {
            return (new RunStart(RunDecision.OtherLake, pending), Updates(unended));
        }

        var begun = Begin(request, ofDay, now);
        return (begun, Updates(unended).Append(RunTable.Insert(begun.Run)));
    }

    public static bool IsUnended(Run run) =>
        run.LeaseOwner is not null || run.Status == RunStatus.Running || run.IsUnfinished;

    /// <summary>A day that was rolled back is done, too: a retried schedule must not publish it again.</summary>
    private static Run? DoneOf(List<Run> runs, DateOnly day)
    {
        var ofDay = runs.FindAll(r => r.BusinessDate == day);
        return ofDay.Find(r => r.Status == RunStatus.Succeeded) is { } published
            ? published.IsUnfinished
                ? null
                : published
            : ofDay.FindLast(r => r.Status == RunStatus.RolledBack);
    }

    /// <summary>Runs that release the lease come first: a unique index allows one owner at a time.</summary>
    private static IEnumerable<NpgsqlBatchCommand> Updates(IEnumerable<Run> runs) =>
        runs.OrderBy(r => r.LeaseOwner is not null).Select(RunTable.Update);

    /// <summary>
    /// Whether another host may be working on the run. A lease of this host comes from a start whose response was lost.
    /// </summary>
    private bool IsActive(Run run, DateTimeOffset now) =>
        run.LeaseUntil > now
        && run.LeaseOwner != owner.Text
        && !(options.TakeOverGoneProcesses && LeaseOwner.HasEnded(run.LeaseOwner));

    /// <summary>Leases the first run that can be resumed; the runs before it are ended.</summary>
    private RunStart? Resume(List<Run> unended, RunStartRequest request, DateTimeOffset now, DateTimeOffset? latest)
    {
        unended.ForEach(dead => dead.Release());
        return unended.Select(dead => Resume(dead, request, now, latest)).FirstOrDefault(taken => taken is not null);
    }

    /// <summary>Leases a run without a host if it can be resumed; otherwise ends it and returns null.</summary>
    private RunStart? Resume(Run dead, RunStartRequest request, DateTimeOffset now, DateTimeOffset? latest)
    {
        var sameDay = dead.BusinessDate == request.BusinessDate.Value;
        // Only the host that requested a replay has its corrected files, so no other host can finish it; a rollback, which
        // a person requests, is not finished by a scheduled run.
        var replay = dead.BaseRunId is not null || request.BaseRun is not null;
        if (dead.Status == RunStatus.Running && sameDay && !replay)
        {
            // Nothing was published, so the new request's as-of date applies.
            dead.TakeOver(owner.Text, now + lease, request.AsOf);
            dead.AcceptShrunk(request.AcceptShrunk);
            dead.ExportTo(request.LakeUri);
            return new RunStart(RunDecision.TakeOver, dead);
        }

        if (dead.Status == RunStatus.Running)
        {
            Abandon(dead, now);
            return null;
        }

        // An export reads what is published now: after a later publish it would contain the later run's rows.
        var resumable = sameDay ? !request.Force : request.FinishOthers && dead.PublishedAt == latest;
        if (!dead.IsUnfinished || !resumable || (dead.IsExportPending && dead.BelongsToOther(request.LakeUri)))
        {
            return null;
        }

        dead.TakeOver(owner.Text, now + lease, dead.AsOf);
        return new RunStart(RunDecision.FinishExport, dead);
    }

    private static void Abandon(Run dead, DateTimeOffset now)
    {
        var again = dead switch
        {
            { BaseRunId: null } => $"Run it again: etl run --date {new BusinessDate(dead.BusinessDate)}",
            { IsRollback: true } => $"Roll back again: etl rollback --to {dead.BaseRunId}",
            _ => $"Replay the corrected rows again: etl quarantine replay --run {dead.BaseRunId} ...",
        };
        dead.End(
            RunStatus.Failed,
            ErrorCode.LeaseLost.Text(),
            "The run's lease expired, and another run started.",
            again,
            now
        );
    }

    /// <summary>Otherwise the claim of a dead host would delay the run's message by up to a minute.</summary>
    private static NpgsqlBatchCommand ReleaseMessages(Run dead) =>
        SqlCommands.Statement(
            $"update etl.messages set claimed_until = null where run_id = {dead.RunId} and sent_at is null"
        );

    /// <summary>Begins a run with the next number of its day.</summary>
    public RunStart Begin(RunStartRequest request, List<Run> ofDay, DateTimeOffset now)
    {
        var last = ofDay.Count == 0 ? 0 : ofDay.Max(r => r.Number);
        var id = new RunId(request.BusinessDate, last + 1);
        var again = request.Redelivery is not null;
        var trigger = again ? Trigger.Redelivery : request.Trigger;
        var run = new Run(id, request.AsOf, trigger, request.Force || again, now, request.BaseRun);
        run.AcceptShrunk(request.AcceptShrunk);
        run.ExportTo(request.LakeUri);
        run.Lease(owner.Text, now + lease);
        return new RunStart(RunDecision.Begin, run);
    }
}
