using Etl.Application.Errors;
using Etl.Domain.Runs;

namespace Etl.Application.Runs;

// The ledger is kept in schema etl of the destination database. Its six ports are split by use; one adapter may
// implement them all.

/// <summary>The way to the ledger.</summary>
public interface ILedgerConnection
{
    /// <summary>
    /// Waits until the database accepts connections, as long as the settings allow. Before a start has reached the ledger, no
    /// step can be repeated and no error recorded.
    /// </summary>
    /// <exception cref="EtlException">The database cannot be reached, or refused the connection.</exception>
    Task WaitAsync(CancellationToken cancellationToken);
}

/// <summary>Migrations of the schemas <c>etl</c>, <c>staging</c> and <c>analytics</c>.</summary>
public interface ILedgerMigrations
{
    /// <summary>Applies all pending migrations; safe to call at any time, by several hosts at once.</summary>
    /// <returns>The names of the migrations that were pending.</returns>
    /// <exception cref="EtlException">The database cannot be reached or refused a migration.</exception>
    Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancellationToken);

    /// <summary>The names of the migrations that are not applied yet, in order. Writes nothing.</summary>
    /// <exception cref="EtlException">The database cannot be reached.</exception>
    Task<IReadOnlyList<string>> ListPendingAsync(CancellationToken cancellationToken);
}

/// <summary>
/// Decides which host works on which run. The database allows one run in progress, and one succeeded run for each
/// business date. A host that has lost its lease can write nothing about the run.
/// </summary>
public interface IRunLease
{
    /// <summary>Leases a new run, or an abandoned or unfinished one; otherwise returns the run that prevents it.</summary>
    Task<RunStart> StartAsync(RunStartRequest request, CancellationToken cancellationToken);

    /// <summary>What <see cref="StartAsync"/> would return now. Writes nothing; the ledger's schema need not exist.</summary>
    Task<RunStart> ForecastAsync(RunStartRequest request, CancellationToken cancellationToken);

    /// <summary>Extends the lease.</summary>
    /// <returns>False when the lease is lost: the host must stop.</returns>
    Task<bool> RenewAsync(RunId run, CancellationToken cancellationToken);

    /// <summary>Ends a run that was not published; releases one that was, so that the next start finishes it.</summary>
    Task FailAsync(RunId run, RunStatus status, EtlError error, CancellationToken cancellationToken);

    /// <summary>Ends a published and exported run.</summary>
    Task FinishAsync(RunId run, CancellationToken cancellationToken);
}

/// <summary>Records the facts of a run while a host works on it.</summary>
public interface IRunJournal
{
    /// <summary>Records the start or the end of a step's execution.</summary>
    Task RecordStepAsync(RunId run, StepRecord step, CancellationToken cancellationToken);

    /// <summary>Records the extensions that an attempt is loaded with.</summary>
    Task RecordExtensionsAsync(
        RunId run,
        int attempt,
        IReadOnlyList<ExtensionFile> extensions,
        CancellationToken cancellationToken
    );

    /// <summary>Replaces the run's files, with their row counts.</summary>
    Task RecordFilesAsync(RunId run, IReadOnlyList<StagedFile> files, CancellationToken cancellationToken);

    /// <summary>Replaces the results of the run's data tests.</summary>
    Task RecordTestsAsync(RunId run, IReadOnlyList<DataTestResult> tests, CancellationToken cancellationToken);

    /// <summary>Records that all exports and the manifest are in the lake.</summary>
    Task RecordExportsAsync(
        RunId run,
        IReadOnlyList<ExportRecord> exports,
        string manifestUri,
        CancellationToken cancellationToken
    );

    /// <summary>Records the location of the run's HTML report; the lease is not required.</summary>
    Task RecordReportAsync(RunId run, string uri, CancellationToken cancellationToken);

    /// <summary>Adds an invocation's time and memory to the run's usage; the lease is not required.</summary>
    Task RecordUsageAsync(RunId run, RunUsage usage, CancellationToken cancellationToken);
}

/// <summary>Messages that are stored before they are sent, so that each is sent although hosts die.</summary>
public interface IOutbox
{
    /// <summary>Runs that ended without success and have no message, because their host died or lost the ledger.</summary>
    Task<IReadOnlyList<RunId>> ListUnnotifiedAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Stores a message until it is sent; one with the key of a stored message is ignored. A failure is also counted by
    /// business date and cause: while the date has had no success since, a repeated one is counted and not sent.
    /// </summary>
    Task QueueAsync(Message message, CancellationToken cancellationToken);

    /// <summary>Reserves the unsent messages for one minute, oldest first.</summary>
    Task<IReadOnlyList<PendingMessage>> ClaimAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Records that a notifier has sent a claimed message. The message is sent once every notifier of this host has sent it.
    /// </summary>
    Task RecordSentAsync(
        Message message,
        string notifier,
        IReadOnlyList<string> notifiers,
        CancellationToken cancellationToken
    );

    /// <summary>Ends the claim of a message that a notifier could not send, or that has none left to send it.</summary>
    Task ReleaseAsync(Message message, IReadOnlyList<string> notifiers, CancellationToken cancellationToken);
}

/// <summary>A message that at least one notifier has not sent.</summary>
/// <param name="Message">The message.</param>
/// <param name="SentBy">The notifiers that have sent it.</param>
public sealed record PendingMessage(Message Message, IReadOnlyList<string> SentBy);

/// <summary>Reads recorded runs.</summary>
public interface IRunHistory
{
    /// <summary>A run with all that was recorded, or null.</summary>
    Task<RunHistory?> FindAsync(RunId run, CancellationToken cancellationToken);

    /// <summary>The last runs, newest first.</summary>
    Task<IReadOnlyList<RunHistory>> ListAsync(int maxCount, CancellationToken cancellationToken);

    /// <summary>The runs that started in a span of time, oldest first.</summary>
    /// <param name="from">Start of the span, inclusive.</param>
    /// <param name="until">End of the span, exclusive.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    Task<IReadOnlyList<RunHistory>> ListBetweenAsync(
        DateTimeOffset from,
        DateTimeOffset until,
        CancellationToken cancellationToken
    );

    /// <summary>The unsuccessful starts, by business date and cause; the latest first.</summary>
    /// <param name="date">The business date; null for all.</param>
    /// <param name="maxCount">The largest number of rows, 1 or more.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    Task<IReadOnlyList<FailedStarts>> ListFailedStartsAsync(
        BusinessDate? date,
        int maxCount,
        CancellationToken cancellationToken
    );

    /// <summary>The last published run before this one, by business date and number; null if there is none.</summary>
    Task<RunHistory?> PreviousAsync(RunId run, CancellationToken cancellationToken);

    /// <summary>The published run of the last business date before this one; null if there is none.</summary>
    Task<RunHistory?> PreviousDateAsync(BusinessDate date, CancellationToken cancellationToken);

    /// <summary>
    /// The run of the last business date before this one that started last, published or not, replays excepted; null if there is
    /// none.
    /// </summary>
    Task<Run?> LastStartBeforeAsync(BusinessDate date, CancellationToken cancellationToken);

    /// <summary>The run that ended last before this one started, published or not; null if there is none.</summary>
    Task<RunHistory?> LastEndedBeforeAsync(RunId run, CancellationToken cancellationToken);
}

/// <summary>Finds the run whose rows readers see.</summary>
public interface IPublishedRun
{
    /// <summary>The run whose rows are attached to <c>staging</c>; null before the first publish.</summary>
    Task<RunId?> FindPublishedAsync(CancellationToken cancellationToken);
}
