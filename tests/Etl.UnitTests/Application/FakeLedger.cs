using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Domain.Runs;

namespace Etl.UnitTests.Application;

/// <summary>A ledger in memory with prepared answers.</summary>
internal sealed class FakeLedger : ILedgerConnection, ILedgerMigrations, IRunLease, IRunJournal, IOutbox, IRunHistory
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly List<Message> queued = [];
    private readonly HashSet<Message> sent = [];

    public Run Run { get; } =
        new(RunId.Parse("20260301-001"), new DateOnly(2026, 3, 1), Trigger.Manual, forced: false, Noon);
    public Queue<RunDecision> Answers { get; } = [];
    public List<RunStartRequest> Asked { get; } = [];
    public Run? Unfinished { get; set; }
    public List<StepRecord> Steps { get; } = [];
    public List<FileRecord> Files { get; } = [];
    public List<ExportRecord> Exports { get; } = [];
    public RunHistory? Previous { get; set; }
    public RunHistory? LastEnded { get; set; }
    public EtlException? Unreachable { get; set; }
    public string? ReportUri { get; private set; }
    public bool Finished { get; private set; }
    public EtlError? Failure { get; private set; }
    public EtlException? QueueError { get; set; }
    public List<Message> Released { get; } = [];
    public IReadOnlyList<Message> Queued => queued;
    public IReadOnlyList<Message> Unsent => [.. queued.Where(m => !sent.Contains(m))];

    public Task WaitAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancellationToken) =>
        Unreachable is null ? Task.FromResult<IReadOnlyList<string>>([]) : throw Unreachable;

    public Task<IReadOnlyList<string>> ListPendingAsync(CancellationToken cancellationToken) =>
        MigrateAsync(cancellationToken);

    public Task<RunStart> StartAsync(RunStartRequest request, CancellationToken cancellationToken)
    {
        Asked.Add(request);
        var decision = Answers.Count > 0 ? Answers.Dequeue() : RunDecision.Begin;
        if (
            decision is RunDecision.FinishExport or RunDecision.AlreadyDone
            && Unfinished is null
            && Run.Status == RunStatus.Running
        )
        {
            Run.Publish(Noon);
        }

        var run = decision == RunDecision.FinishExport ? Unfinished ?? Run : Run;
        return Task.FromResult(new RunStart(decision, run));
    }

    public Task<RunStart> ForecastAsync(RunStartRequest request, CancellationToken cancellationToken) =>
        Unreachable is null
            ? Task.FromResult(
                new RunStart(Answers.TryPeek(out var answer) ? answer : RunDecision.Begin, Unfinished ?? Run)
            )
            : throw Unreachable;

    public Task<bool> RenewAsync(RunId run, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task RecordStepAsync(RunId run, StepRecord step, CancellationToken cancellationToken)
    {
        Steps.RemoveAll(s => s.Step == step.Step);
        Steps.Add(step);
        return Task.CompletedTask;
    }

    public Task RecordExtensionsAsync(
        RunId run,
        int attempt,
        IReadOnlyList<ExtensionFile> extensions,
        CancellationToken cancellationToken
    ) => Task.CompletedTask;

    public Task RecordFilesAsync(RunId run, IReadOnlyList<StagedFile> files, CancellationToken cancellationToken)
    {
        Files.Clear();
        Files.AddRange(files);
        return Task.CompletedTask;
    }

    public Task RecordTestsAsync(RunId run, IReadOnlyList<DataTestResult> tests, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    public Task RecordExportsAsync(
        RunId run,
        IReadOnlyList<ExportRecord> exports,
        string manifestUri,
        CancellationToken cancellationToken
    )
    {
        Exports.AddRange(exports);
        return Task.CompletedTask;
    }

    public Task RecordReportAsync(RunId run, string uri, CancellationToken cancellationToken)
    {
        ReportUri = uri;
        return Task.CompletedTask;
    }

    public Task FailAsync(RunId run, RunStatus status, EtlError error, CancellationToken cancellationToken)
    {
        Failure = error;
        if (run == Run.Id && Run.Status == RunStatus.Running)
        {
            Run.End(status, error.Code.Text(), error.Message, error.NextStep, Noon);
        }

        return Task.CompletedTask;
    }

    public Task FinishAsync(RunId run, CancellationToken cancellationToken)
    {
        Finished = true;
        return Task.CompletedTask;
    }

    public Task QueueAsync(Message message, CancellationToken cancellationToken)
    {
        queued.Add(message);
        return QueueError is null ? Task.CompletedTask : throw QueueError;
    }

    public Dictionary<Message, List<string>> SentBy { get; } = [];

    public Task<IReadOnlyList<PendingMessage>> ClaimAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<PendingMessage>>([
            .. Unsent.Select(m => new PendingMessage(m, [.. SentBy.GetValueOrDefault(m, [])])),
        ]);

    public Task RecordSentAsync(
        Message message,
        string notifier,
        IReadOnlyList<string> notifiers,
        CancellationToken cancellationToken
    )
    {
        lock (SentBy)
        {
            SentBy.TryAdd(message, []);
            SentBy[message].Add(notifier);
            Complete(message, notifiers);
        }

        return Task.CompletedTask;
    }

    public Task ReleaseAsync(Message message, IReadOnlyList<string> notifiers, CancellationToken cancellationToken)
    {
        Released.Add(message);
        Complete(message, notifiers);
        return Task.CompletedTask;
    }

    private void Complete(Message message, IReadOnlyList<string> notifiers)
    {
        if (notifiers.All(SentBy.GetValueOrDefault(message, []).Contains))
        {
            sent.Add(message);
        }
    }

    public Task<RunHistory?> FindAsync(RunId run, CancellationToken cancellationToken) =>
        Task.FromResult<RunHistory?>(
            Unnotified.Find(u => u.Run.Id == run) ?? HistoryOf(run == Run.Id ? Run : Unfinished!, Files)
        );

    public List<RunUsage> Used { get; } = [];

    public Task RecordUsageAsync(RunId run, RunUsage usage, CancellationToken cancellationToken)
    {
        Used.Add(usage);
        return UsageError is null ? Task.CompletedTask : throw UsageError;
    }

    public EtlException? UsageError { get; set; }

    public List<RunHistory> Unnotified { get; } = [];

    public Task<IReadOnlyList<RunId>> ListUnnotifiedAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<RunId>>([
            .. Unnotified.Select(u => u.Run.Id).Where(id => !queued.Exists(q => q.RunId == id)),
        ]);

    public Task<IReadOnlyList<RunHistory>> ListBetweenAsync(
        DateTimeOffset from,
        DateTimeOffset until,
        CancellationToken cancellationToken
    ) => Task.FromResult<IReadOnlyList<RunHistory>>([]);

    public Task<IReadOnlyList<RunHistory>> ListAsync(int maxCount, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<RunHistory>>([]);

    public List<FailedStarts> FailedStarts { get; } = [];

    public Task<IReadOnlyList<FailedStarts>> ListFailedStartsAsync(
        BusinessDate? date,
        int maxCount,
        CancellationToken cancellationToken
    ) => Task.FromResult<IReadOnlyList<FailedStarts>>(FailedStarts);

    public Task<RunHistory?> PreviousAsync(RunId run, CancellationToken cancellationToken) => Task.FromResult(Previous);

    public Task<RunHistory?> PreviousDateAsync(BusinessDate date, CancellationToken cancellationToken) =>
        Task.FromResult(Previous);

    public Run? LastStart { get; set; }

    public Task<Run?> LastStartBeforeAsync(BusinessDate date, CancellationToken cancellationToken) =>
        Task.FromResult(LastStart);

    public Task<RunHistory?> LastEndedBeforeAsync(RunId run, CancellationToken cancellationToken) =>
        Task.FromResult(LastEnded);

    public static RunHistory HistoryOf(Run run, IReadOnlyList<FileRecord> files) =>
        new(run, [], files, [], [], null, null);
}
