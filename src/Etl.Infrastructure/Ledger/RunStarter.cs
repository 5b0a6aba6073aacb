using System.Runtime.CompilerServices;
using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Npgsql;

namespace Etl.Infrastructure.Ledger;

/// <summary>
/// Decides who may run. What is read may be old by the time it is acted on; then one of the unique indexes of
/// <c>etl.runs</c> refuses the act, and the decision is made anew.
/// </summary>
internal sealed class RunStarter(NpgsqlDataSource database, LeaseOwner owner, RunOptions options)
{
    private const int MaxRounds = 20;
    private const int MaxNumber = 999;

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
                if (await CheckAsync(connection, request, cancellationToken) is { } answer)
                {
                    return answer;
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
    /// An answer that needs no lock, or null: many who ask at once must not keep the one at work from its signs of life.
    /// </summary>
    private async Task<RunStart?> CheckAsync(
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
        return runs.Find(r => IsAtWork(r, now)) is { } atWork ? StandBack(request, done, atWork) : null;
    }

    private static Run? DoneOf(List<Run> runs, DateOnly day) =>
        runs.Find(r => r.BusinessDate == day && r is { Status: RunStatus.Succeeded, IsUnfinished: false });

    private static RunStart StandBack(RunStartRequest request, Run? done, Run atWork) =>
        done is not null && !request.Force
            ? new RunStart(RunDecision.AlreadyDone, done)
            : new RunStart(RunDecision.InProgress, atWork);

    /// <summary>What a start would be answered now; nothing is held and nothing is written.</summary>
    public async Task<RunStart> ForecastAsync(RunStartRequest request, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var (runs, now) = await RunsAsync(connection, request.BusinessDate.Value, hold: false, cancellationToken);
        return Decide(request, runs, now, await LatestAsync(connection, cancellationToken)).Start;
    }

    /// <summary>What the first start of all is answered, before there is a ledger.</summary>
    public RunStart First(RunStartRequest request) => Begin(request, [], DateTimeOffset.UnixEpoch);

    private async Task<RunStart> DecideAsync(
        NpgsqlConnection connection,
        RunStartRequest request,
        CancellationToken cancellationToken
    )
    {
        var (runs, now) = await RunsAsync(connection, request.BusinessDate.Value, hold: true, cancellationToken);
        var latest = runs.Exists(IsUnended) ? await LatestAsync(connection, cancellationToken) : null;
        var (start, writes) = Decide(request, runs, now, latest);
        await connection.ExecuteAsync(writes, cancellationToken);
        return start;
    }

    /// <summary>The answer, and what is to be written for it to hold.</summary>
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
        if (unended.Find(r => IsAtWork(r, now)) is { } atWork)
        {
            return (StandBack(request, done, atWork), []);
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

    /// <summary>
    /// The day's runs, and those that someone works on or should; perhaps held against other starts until it is decided.
    /// </summary>
    private static Task<(List<Run> Runs, DateTimeOffset Now)> RunsAsync(
        NpgsqlConnection connection,
        DateOnly day,
        bool hold,
        CancellationToken cancellationToken
    ) =>
        RunTable.SelectAsync(
            connection,
            FormattableStringFactory.Create(hold ? $"{Open} for update" : Open, day),
            cancellationToken
        );

    /// <summary>When readers last got new rows.</summary>
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

    /// <summary>The dead must have let go of the one lease before another run can have it.</summary>
    private static IEnumerable<NpgsqlBatchCommand> Updates(IEnumerable<Run> runs) =>
        runs.OrderBy(r => r.LeaseOwner is not null).Select(RunTable.Update);

    /// <summary>
    /// A lease of this very host is an answer that was lost on its way: the host is here, and asks again.
    /// </summary>
    private bool IsAtWork(Run run, DateTimeOffset now) =>
        run.LeaseUntil > now
        && run.LeaseOwner != owner.Text
        && !(options.TakeOverGoneProcesses && LeaseOwner.IsGone(run.LeaseOwner));

    /// <summary>Takes the first that can be taken of the runs that nobody works on; those before it are abandoned.</summary>
    private RunStart? Resume(List<Run> unended, RunStartRequest request, DateTimeOffset now, DateTimeOffset? latest)
    {
        unended.ForEach(dead => dead.Release());
        return unended.Select(dead => Resume(dead, request, now, latest)).FirstOrDefault(taken => taken is not null);
    }

    /// <summary>Takes an open run that nobody works on, or abandons it and gives null.</summary>
    private RunStart? Resume(Run dead, RunStartRequest request, DateTimeOffset now, DateTimeOffset? latest)
    {
        var sameDay = dead.BusinessDate == request.BusinessDate.Value;
        // A replay's corrected files are known to who asked for it alone, so nobody else can finish it.
        var replay = dead.BaseRunId is not null || request.BaseRun is not null;
        if (dead.Status == RunStatus.Running && sameDay && !replay)
        {
            // Nothing of it was published, so it is free to follow the new request's as-of date.
            dead.TakeOver(owner.Text, now + lease, request.AsOf);
            return new RunStart(RunDecision.TakeOver, dead);
        }

        if (dead.Status == RunStatus.Running)
        {
            Abandon(dead, now);
            return null;
        }

        // An export shows what is published; of another day's run it would show a later one's rows, once overtaken.
        var wanted = sameDay ? !request.Force : request.FinishOthers && dead.PublishedAt == latest;
        if (!dead.IsUnfinished || !wanted)
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
            "The run's host gave no more sign of life, and another run came next.",
            again,
            now
        );
    }

    /// <summary>A dead host's claim would keep the run's message back for a minute.</summary>
    private static NpgsqlBatchCommand ReleaseMessages(Run dead) =>
        SqlCommands.Statement(
            $"update etl.messages set claimed_until = null where run_id = {dead.RunId} and sent_at is null"
        );

    private RunStart Begin(RunStartRequest request, List<Run> ofDay, DateTimeOffset now)
    {
        var last = ofDay.Count == 0 ? 0 : ofDay.Max(r => r.Number);
        if (last >= MaxNumber)
        {
            throw new EtlException(
                ErrorCode.Usage,
                $"Business date {request.BusinessDate} has had {MaxNumber} runs, and can have no more.",
                "Look at `etl runs` for why they failed; delete old rows of etl.runs once that is corrected."
            );
        }

        var id = new RunId(request.BusinessDate, last + 1);
        var run = new Run(id, request.AsOf, request.Trigger, request.Force, now, request.BaseRun);
        run.Lease(owner.Text, now + lease);
        return new RunStart(RunDecision.Begin, run);
    }
}
