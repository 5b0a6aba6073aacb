using System.Runtime.CompilerServices;
using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Npgsql;

namespace Etl.Infrastructure.Ledger;

/// <summary>
/// Decides which host works on which run. Another host may change the ledger between the read and the write: a unique
/// index of <c>etl.runs</c> then refuses the write, and the decision is repeated.
/// </summary>
internal sealed class RunStarter(NpgsqlDataSource database, LeaseOwner owner, RunOptions options)
{
    private const int MaxRounds = 20;

    private const string Open = """
        select * from etl.runs
        where business_date = {0} or lease_owner is not null or status = 'running'
          or (status = 'succeeded' and finished_at is null)
        order by business_date, number
        """;

    private readonly TimeSpan lease = TimeSpan.FromSeconds(options.LeaseSeconds);

    public async Task<RunStart> StartAsync(RunStartRequest request, CancellationToken cancellationToken)
    {
        for (var round = 1; ; round++)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(cancellationToken);
                if (await FindLeaseHolderAsync(connection, request, cancellationToken) is { } refused)
                {
                    return refused;
                }

                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                var start = await DecideAsync(connection, request, cancellationToken);
                await transaction.CommitAsync(cancellationToken);
                return start;
            }
            catch (PostgresException exception)
                when (exception.SqlState == PostgresErrorCodes.UniqueViolation && round < MaxRounds) { }
        }
    }

    /// <summary>
    /// The decision if another run holds the lease, without a lock; otherwise null. Many starts at once must not delay the
    /// renewal of that lease.
    /// </summary>
    private async Task<RunStart?> FindLeaseHolderAsync(
        NpgsqlConnection connection,
        RunStartRequest request,
        CancellationToken cancellationToken
    )
    {
        var day = request.BusinessDate.Value;
        var (runs, now) = await RunTable.SelectAsync(
            connection,
            $"""
            select * from etl.runs
            where lease_owner is not null
              or (business_date = {day} and status = 'succeeded' and finished_at is not null)
            """,
            cancellationToken
        );
        var done = DoneOf(runs, day);
        return runs.Find(r => IsActive(r, now)) is { } active ? Refuse(request, done, active) : null;
    }

    private static Run? DoneOf(List<Run> runs, DateOnly day) =>
        runs.Find(r => r.BusinessDate == day && r is { Status: RunStatus.Succeeded, IsUnfinished: false });

    private static RunStart Refuse(RunStartRequest request, Run? done, Run active) =>
        done is not null && !request.Force
            ? new RunStart(RunDecision.AlreadyDone, done)
            : new RunStart(RunDecision.InProgress, active);

    /// <summary>What <see cref="StartAsync"/> would return now; nothing is locked or written.</summary>
    public async Task<RunStart> ForecastAsync(RunStartRequest request, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var (runs, now) = await RunsAsync(connection, request.BusinessDate.Value, forUpdate: false, cancellationToken);
        return Decide(request, runs, now, await LatestAsync(connection, cancellationToken)).Start;
    }

    /// <summary>What <see cref="StartAsync"/> returns for a database without a ledger.</summary>
    public RunStart First(RunStartRequest request) => Begin(request, [], DateTimeOffset.UnixEpoch);

    private async Task<RunStart> DecideAsync(
        NpgsqlConnection connection,
        RunStartRequest request,
        CancellationToken cancellationToken
    )
    {
        var (runs, now) = await RunsAsync(connection, request.BusinessDate.Value, forUpdate: true, cancellationToken);
        var latest = runs.Exists(IsUnended) ? await LatestAsync(connection, cancellationToken) : null;
        var (start, writes) = Decide(request, runs, now, latest);
        await connection.ExecuteAsync(writes, cancellationToken);
        return start;
    }

    /// <summary>The decision, and the statements that make it valid.</summary>
    private (RunStart Start, IEnumerable<NpgsqlBatchCommand> Writes) Decide(
        RunStartRequest request,
        List<Run> runs,
        DateTimeOffset now,
        DateTimeOffset? latest
    )
    {
        var unended = runs.FindAll(IsUnended);
        var ofDay = runs.FindAll(r => r.BusinessDate == request.BusinessDate.Value);
        var done = DoneOf(ofDay, request.BusinessDate.Value);
        if (unended.Find(r => IsActive(r, now)) is { } active)
        {
            return (Refuse(request, done, active), []);
        }

        if (Resume(unended, request, now, latest) is { } resumed)
        {
            return (resumed, Updates(unended).Append(ReleaseMessages(resumed.Run)));
        }

        if (done is not null && !request.Force)
        {
            return (new RunStart(RunDecision.AlreadyDone, done), Updates(unended));
        }

        var begun = Begin(request, ofDay, now);
        return (begun, Updates(unended).Append(RunTable.Insert(begun.Run)));
    }

    private static bool IsUnended(Run run) =>
        run.LeaseOwner is not null || run.Status == RunStatus.Running || run.IsUnfinished;

    /// <summary>The runs of the day and every run that has not ended; locked until the decision if asked.</summary>
    private static Task<(List<Run> Runs, DateTimeOffset Now)> RunsAsync(
        NpgsqlConnection connection,
        DateOnly day,
        bool forUpdate,
        CancellationToken cancellationToken
    ) =>
        RunTable.SelectAsync(
            connection,
            FormattableStringFactory.Create(forUpdate ? $"{Open} for update" : Open, day),
            cancellationToken
        );

    /// <summary>The time of the last publish, or null.</summary>
    private static async Task<DateTimeOffset?> LatestAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand("select max(published_at) from etl.runs", connection);
        return await command.ExecuteScalarAsync(cancellationToken) is DateTime latest
            ? new DateTimeOffset(latest)
            : null;
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
        // Only the host that requested a replay has its corrected files, so no other host can finish it.
        var replay = dead.BaseRunId is not null || request.BaseRun is not null;
        if (dead.Status == RunStatus.Running && sameDay && !replay)
        {
            // Nothing was published, so the new request's as-of date applies.
            dead.TakeOver(owner.Text, now + lease, request.AsOf);
            return new RunStart(RunDecision.TakeOver, dead);
        }

        if (dead.Status == RunStatus.Running)
        {
            Abandon(dead, now);
            return null;
        }

        // An export reads what is published now: after a later publish it would contain the later run's rows.
        var resumable = sameDay ? !request.Force : request.FinishOthers && dead.PublishedAt == latest;
        if (!dead.IsUnfinished || !resumable)
        {
            return null;
        }

        dead.TakeOver(owner.Text, now + lease, dead.AsOf);
        return new RunStart(RunDecision.FinishExport, dead);
    }

    private static void Abandon(Run dead, DateTimeOffset now)
    {
        var again = dead.BaseRunId is { } published
            ? $"Replay the corrected rows again: etl quarantine replay --run {published} ..."
            : $"Run it again: etl run --date {new BusinessDate(dead.BusinessDate)}";
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

    private RunStart Begin(RunStartRequest request, List<Run> ofDay, DateTimeOffset now)
    {
        var last = ofDay.Count == 0 ? 0 : ofDay.Max(r => r.Number);
        var id = new RunId(request.BusinessDate, last + 1);
        var run = new Run(id, request.AsOf, request.Trigger, request.Force, now, request.BaseRun);
        run.Lease(owner.Text, now + lease);
        return new RunStart(RunDecision.Begin, run);
    }
}
